import { readFileSync } from 'node:fs';
import { environmentOf } from '../../scripts/build/dockerfile.ts';

/** What a job's image gives Node beside the bundle: its Dockerfile says why. */
export function jobFlags(job: string): readonly string[] {
  const [, list = '[]'] = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfileOf(job)) ?? [];
  const command: unknown = JSON.parse(list);
  if (!Array.isArray(command)) throw new Error(`the ENTRYPOINT of ${job} is no list`);
  return command.map(String).slice(1, -1);
}

/** The variables that the image gives the job, as `NAME=value`. */
export const jobVariables = (job: string): readonly string[] => environmentOf(dockerfileOf(job), `jobs/${job}`);

const dockerfileOf = (job: string): string => readFileSync(`jobs/${job}/Dockerfile`, 'utf8');
