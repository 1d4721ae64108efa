import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Batch, type JobDetail } from '@aws-sdk/client-batch';
import { type OpenEnvironment, openEnvironment } from '../../scripts/control/environment.ts';
import { type DrivenClock, drivenClock } from '../../scripts/local-aws/runtime/driven-clock.ts';
import { type LocalAwsOptions, startLocalAws } from '../../scripts/local-aws/server.ts';
import type { Plan } from '../../scripts/reconcile/change.ts';
import { feedConfig } from './feed-config.ts';

/** Texts of each file, and what is to stand in the place of each. */
type Changes = Readonly<Record<string, readonly (readonly [from: string, to: string])[]>>;

/** A folder with the feed's config in which something else is written. It goes with the test. */
export function changedConfig(t: TestContext, changes: Changes): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(feedConfig, folder, { recursive: true });
  for (const [file, replacements] of Object.entries(changes))
    for (const [from, to] of replacements) changeFile(join(folder, file), from, to);
  return folder;
}

/** Puts another text in the place of one. Throws when the file does not hold that. */
export function changeFile(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  writeFileSync(
    file,
    text.replace(from, () => to),
  );
}

interface Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

/** A config on an embedded AWS whose clock is driven. All of it ends with the test. */
export interface AppliedConfig {
  readonly clock: DrivenClock;
  readonly endpoint: string;
  readonly environment: OpenEnvironment;
  /** What was applied. */
  readonly plan: Plan;
  readonly batch: Batch;
  /** A client of the embedded AWS, as a person's. */
  client<Client extends { destroy(): void }>(kind: new (settings: Settings) => Client): Client;
  /** The config as it is written by now. */
  reopen(): Promise<OpenEnvironment>;
  /** Runs one job by a definition of the feed's config, in one attempt, and tells how it ended. */
  run(definition: string, variables: Readonly<Record<string, string>>): Promise<JobDetail>;
}

/** Where a config is, and what is there before it is applied. */
interface Place extends Pick<LocalAwsOptions, 'secrets'> {
  readonly directory: string;
  /** Has the images of the jobs; this repository when absent. */
  readonly root?: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** In milliseconds since 1970. */
  readonly start?: number;
}

/** A Monday, three hours after midnight. */
const usualStart = Date.UTC(2026, 10, 23, 3);

export async function appliedConfig(t: TestContext, place: Place): Promise<AppliedConfig> {
  const { start = usualStart, secrets, ...loaded } = place;
  const region = 'eu-central-1';
  const clock = drivenClock(start);
  const aws = await startLocalAws({ clock, region, ...(secrets && { secrets }) });
  const { endpoint } = aws;
  const endings: (() => void)[] = [];
  t.after(async () => {
    for (const end of endings) end();
    await aws.close();
  });
  const reopen = async (): Promise<OpenEnvironment> => {
    const opened = await openEnvironment({ ...loaded, environment: 'local', endpoint });
    endings.push(() => opened.close());
    return opened;
  };
  const credentials = { accessKeyId: 'person', secretAccessKey: 'person' };
  const client: AppliedConfig['client'] = (kind) => {
    const made = new kind({ endpoint, region, credentials, maxAttempts: 1 });
    endings.push(() => made.destroy());
    return made;
  };
  const environment = await reopen();
  const plan = await environment.plan();
  await environment.apply(plan, () => {});
  const batch = client(Batch);
  const run = async (definition: string, variables: Readonly<Record<string, string>>): Promise<JobDetail> => {
    const { jobId = '' } = await batch.submitJob({
      jobName: definition,
      jobQueue: 'local-feeds',
      jobDefinition: `local-${definition}`,
      retryStrategy: { attempts: 1 },
      containerOverrides: { environment: Object.entries(variables).map(([name, value]) => ({ name, value })) },
    });
    await clock.idle();
    const { jobs: [job] = [] } = await batch.describeJobs({ jobs: [jobId] });
    if (job === undefined) throw new Error(`describing job ${jobId}: Batch does not know it`);
    return job;
  };
  return { clock, endpoint, environment, plan, batch, client, reopen, run };
}
