/** What GitHub decides by itself, whatever the steps do. */
import { ids } from '../fake-github.ts';
import type { Job, Workflow } from '../files.ts';
import type { Claims } from './host.ts';
import type { JobEnd, Result } from './job.ts';

/** Of jobs together: one that was skipped does not count, unless all were. */
export function resultOf(ends: readonly JobEnd[]): Result {
  const results = ends.map(({ result }) => result);
  if (results.includes('failure')) return 'failure';
  return results.every((result) => result === 'skipped') ? 'skipped' : 'success';
}

/** What GitHub signs of a job. https://docs.github.com/en/actions/reference/security/oidc */
export function claimsOf(environment: string | undefined, event: string, ref: string): Claims {
  const context = environment === undefined ? undefined : `environment:${environment}`;
  return {
    sub: `repo:acme@${ids.owner}/operations@${ids.repository}:${context ?? (event === 'pull_request' ? event : `ref:${ref}`)}`,
    ref,
  };
}

type Permissions = Job['permissions'];

/** GitHub does not start a run whose called workflow wants more than its caller has. */
export function refuseMore(name: string, wanted: Permissions, granted: Permissions): void {
  for (const [permission, access] of Object.entries(wanted)) {
    const has = granted[permission];
    if (has !== access && has !== 'write')
      throw new Error(`${name} wants ${permission}: ${access}, and its caller has ${has}`);
  }
}

/** Inputs as their types have it, with their defaults. */
export const typedInputs = (
  declared: NonNullable<Workflow['on']['workflow_call']>['inputs'],
  given: Readonly<Record<string, string | boolean>>,
): Readonly<Record<string, string | boolean>> =>
  Object.fromEntries(
    Object.entries(declared).map(([name, { type, default: otherwise = '' }]) => {
      const value = String(given[name] ?? otherwise);
      return [name, type === 'boolean' ? value === 'true' : value];
    }),
  );
