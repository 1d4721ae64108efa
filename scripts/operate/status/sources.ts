import { names, type Site } from '../../config/names.ts';
import type { Config } from '../../config/schema.ts';
import type { Submission } from '../../config/submission-schema.ts';

/** What jobs come from. */
export interface Source {
  readonly kind: 'schedule' | 'topic';
  readonly name: string;
  /** The queue's name in AWS. */
  readonly queue: string;
  /** What the names of its jobs begin with, as long as it is not cut. */
  readonly base: string;
}

/** The names of jobs are cut behind this at the earliest. */
const surely = 80;

/** Every schedule and topic that submits. */
export function sourcesOf(site: Site, { schedules, topics }: Config): Source[] {
  const of = (kind: Source['kind'], entries: Readonly<Record<string, { readonly submit?: Submission | undefined }>>) =>
    Object.entries(entries).flatMap(([name, { submit }]): Source[] => {
      if (submit === undefined) return [];
      const { jobName, jobQueue } = submit;
      return [{ kind, name, queue: names.jobQueue(site, jobQueue), base: `${jobName}-`.slice(0, surely) }];
    });
  return [...of('schedule', schedules), ...of('topic', topics)];
}

/** Whose job it is: of two whose names it could bear, the longer one's. */
export const sourceOf = (sources: readonly Source[], jobName: string): Source | undefined =>
  sources.filter(({ base }) => jobName.startsWith(base)).sort((a, b) => b.base.length - a.base.length)[0];
