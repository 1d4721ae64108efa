import type { Context } from '../wire/model.ts';
import type { World } from '../world.ts';
import type { Need, Site } from './need.ts';
import { operationNeeds } from './operation-needs.ts';
import { expiredToken, invalidToken, unsigned } from './refusals.ts';

/** Calls that need no signature: their input is the proof of who calls. */
const open: ReadonlySet<string> = new Set(['sts:AssumeRoleWithWebIdentity']);

/** Lets a call through or throws AwsError, in the words of its service. */
export type Gate = (service: string, operation: string, input: unknown, context: Context) => void;

/** Asks, for every call to every service, whether its caller may make it. */
export function createGate(world: World): Gate {
  const { ports } = world;
  const site = siteOf(world);
  return (service, operation, input, { principal }) => {
    if (principal.type === 'account') return;
    const needs = needsOf(service, operation, input, site);
    if (principal.type === 'nobody') {
      if (principal.because === 'expired') throw expiredToken(service);
      if (principal.because === 'unknown') throw invalidToken(service);
      if (open.has(`${service}:${operation}`)) return;
      // A bucket's policy may let everybody in; no other service answers without a signature.
      const isPublic = ({ action, resource, context }: Need): boolean =>
        ports.authority.allows(principal, action, resource, context);
      if (service !== 's3' || needs.length === 0 || !needs.every(isPublic)) throw unsigned(service);
      return;
    }
    for (const { action, resource, context = {} } of needs)
      ports.authority.require(principal, action, resource, { context, service });
  };
}

export const siteOf = ({ partition, region, account, ports }: World): Site => ({
  partition,
  region,
  account,
  roleArn: (name) => ports.identity.roleArn(name),
  instanceProfileArn: (name) => ports.identity.instanceProfileArn(name),
  boundaryOf: (roleName) => ports.identity.boundaryOf(roleName),
});

/** The wire has checked the input against the model that the table's types come from. */
type NeedsOf = (input: unknown, site: Site) => readonly Need[];
const isNeedsOf = (value: unknown): value is NeedsOf => typeof value === 'function';

/** An operation that is in no table is a mistake of the embedded AWS: it fails instead of being open to all. */
export function needsOf(service: string, operation: string, input: unknown, site: Site): readonly Need[] {
  const table = operationNeeds.get(service);
  const needs: unknown = table && Reflect.get(table, operation);
  if (!isNeedsOf(needs)) throw new Error(`authorizing ${service}:${operation}: no table says what it needs`);
  return needs(input, site);
}
