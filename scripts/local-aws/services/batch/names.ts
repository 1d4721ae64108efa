import { refused } from './errors.ts';

/** docs.aws.amazon.com/batch/latest/APIReference: what the names of all of Batch's resources, and of its jobs, may be. */
const pattern = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,127}$/;

/** Throws in Batch's words, naming the member of the request, when the name is none. */
export function checkName(member: string, name: string): void {
  if (!pattern.test(name)) throw refused(`${member} should match valid pattern ${pattern.source}`);
}
