import type { Found, Indexed } from '../services/tagging/tagging.ts';
import type { Draw } from './storm.ts';

/** What the index believes of a resource, and how many more questions about it that takes. */
interface Entry {
  readonly believed: Found | undefined;
  readonly actual: Found | undefined;
  left: number;
  /** How often it has changed. */
  readonly changes: number;
}

/**
 * An index of tags that hears of everything late: what is new is missing for the first few calls that ask for it, what is
 * gone is still there, and tags are what they were.
 */
export function tagIndex(draw: Draw, lag: number): Indexed {
  const entries = new Map<string, Entry>();
  const hear = (arn: string, actual: Found | undefined): Entry => {
    const entry = entries.get(arn);
    if (entry !== undefined && isSame(entry.actual, actual)) return entry;
    const changes = (entry?.changes ?? 0) + 1;
    const left = Math.floor(draw('tags', arn, changes) * (lag + 1));
    const believed = entry?.left === 0 ? entry.actual : entry?.believed;
    const heard = { believed, actual, left, changes };
    entries.set(arn, heard);
    return heard;
  };
  return (all, isAskedFor) => {
    // Copies: the tags that a service shows may be those that it changes.
    const actual = new Map(all.map(({ arn, tags }) => [arn, { arn, tags: { ...tags } }]));
    const arns = [...new Set([...actual.keys(), ...entries.keys()])].sort();
    return arns.flatMap((arn) => {
      const entry = hear(arn, actual.get(arn));
      if (entry.left === 0) return entry.actual ?? [];
      if ([entry.believed, entry.actual].some((each) => each !== undefined && isAskedFor(each))) entry.left -= 1;
      return entry.believed ?? [];
    });
  };
}

const isSame = (one: Found | undefined, other: Found | undefined): boolean =>
  JSON.stringify(one?.tags) === JSON.stringify(other?.tags);
