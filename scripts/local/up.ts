import { realClock } from '../local-aws/runtime/clock.ts';
import { deploy } from './deploy.ts';
import { sampleFeed } from './sample-feed.ts';
import type { Stage } from './stage.ts';
import { type System, startSystem } from './system.ts';

export interface UpOptions {
  readonly port: number;
  readonly output: string;
}

/** Starts the system on the real clock, at the addresses that config/environments/local.yaml names, config applied. */
export async function up({ port, output }: UpOptions, stage: Stage): Promise<System> {
  const system = await startSystem({ clock: realClock(), output, port });
  try {
    system.feed.serve(sampleFeed(1));
    await deploy(system, stage);
    return system;
  } catch (error) {
    await system[Symbol.asyncDispose]();
    throw error;
  }
}

/** How to point the aws CLI at it, with commands that work as they stand. */
export function renderHowTo({ aws, feed, destination, environment }: System): string {
  const { region, prefix } = environment.loaded.site;
  return `
The embedded AWS listens on ${aws.endpoint}. Point the aws CLI, or any SDK, at it:

  export AWS_ENDPOINT_URL=${aws.endpoint} AWS_REGION=${region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local

  aws events list-rules
  aws batch list-jobs --job-queue ${prefix}-feeds --filters name=AFTER_CREATED_AT,values=0
  aws s3 ls
  npm run reconcile -- plan

The feed      ${feed.url}
Its records   ${destination.file}
Ctrl-C stops it, and everything that it runs.`;
}
