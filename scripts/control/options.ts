import type { LoadOptions } from '../config/load.ts';
import type { Permit } from '../reconcile/kind.ts';

/** What every command takes. */
export interface CommonFlags {
  readonly environment: string;
  readonly config: string;
  readonly var: Readonly<Record<string, string>>;
  /** Absent where AWS is not asked. */
  readonly verbose?: boolean;
}

export const loadOptionsOf = ({ environment, config, var: variables }: CommonFlags): LoadOptions => ({
  directory: config,
  environment,
  variables,
});

/** One flag for each thing that must be permitted. */
export interface PermitFlags {
  readonly allowDeletions?: boolean;
  readonly allowProtected?: boolean;
  readonly deleteObjects?: boolean;
  readonly terminateJobs?: boolean;
}

export const permitsOf = (flags: PermitFlags): ReadonlySet<Permit> =>
  new Set<Permit>([
    ...(flags.allowDeletions ? (['deletions'] as const) : []),
    ...(flags.allowProtected ? (['protected'] as const) : []),
    ...(flags.deleteObjects ? (['objects'] as const) : []),
    ...(flags.terminateJobs ? (['jobs'] as const) : []),
  ]);
