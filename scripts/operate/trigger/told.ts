import type { JobStatus } from '@aws-sdk/client-batch';
import type { Attempt, Job } from '../job.ts';

/** A child of an array that failed. */
export interface FailedChild {
  readonly index: number;
  readonly exitCode?: number | undefined;
  readonly reason: string;
}

/** What happens to a job that is followed, in order. Times are milliseconds since the epoch. */
export type Told =
  | {
      readonly type: 'state';
      readonly job: Job;
      readonly status: JobStatus;
      readonly at: number;
      /** The state before it, and how long it lasted. */
      readonly before?: { readonly status: JobStatus; readonly lasted: number } | undefined;
    }
  | { readonly type: 'waiting'; readonly at: number; readonly why: readonly string[] }
  | { readonly type: 'line'; readonly label: string; readonly line: string }
  | { readonly type: 'attempt'; readonly at: number; readonly attempt: Attempt; readonly of: number }
  | { readonly type: 'children'; readonly at: number; readonly children: NonNullable<Job['children']> }
  | { readonly type: 'child'; readonly at: number; readonly child: FailedChild }
  | { readonly type: 'trouble'; readonly at: number; readonly reason: string };

export type Tell = (told: Told) => void;
