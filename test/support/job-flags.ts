import { readFileSync } from 'node:fs';

/** What a job's image gives Node beside the bundle: its Dockerfile says why. */
export function jobFlags(job: string): readonly string[] {
  const [, list = '[]'] = /^ENTRYPOINT (\[.*\])$/m.exec(readFileSync(`jobs/${job}/Dockerfile`, 'utf8')) ?? [];
  const command: unknown = JSON.parse(list);
  if (!Array.isArray(command)) throw new Error(`the ENTRYPOINT of ${job} is no list`);
  return command.map(String).slice(1, -1);
}
