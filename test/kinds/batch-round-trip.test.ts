import assert from 'node:assert/strict';
import test from 'node:test';
import { asyncProperty, assert as holds, option } from 'fast-check';
import {
  desiredComputeEnvironments,
  desiredJobDefinitions,
  desiredJobQueues,
  desiredSchedulingPolicies,
} from '../../scripts/desired/batch.ts';
import { computeEnvironmentKind } from '../../scripts/kinds/compute-environment.ts';
import { jobDefinitionKind } from '../../scripts/kinds/job-definition.ts';
import { jobQueueKind } from '../../scripts/kinds/job-queue.ts';
import { schedulingPolicyKind } from '../../scripts/kinds/scheduling-policy.ts';
import { diff } from '../../scripts/reconcile/diff.ts';
import type { ResourceKind } from '../../scripts/reconcile/kind.ts';
import { plainFields } from '../../scripts/reconcile/value.ts';
import { environment, smallConfig, site as unit } from '../desired/small-config.ts';
import { anyDefinition, anyPolicy, anyQueue, onEc2, onFargate } from '../support/any-batch.ts';
import { account, step } from './contract.ts';
import { withLocalAws } from './with-local-aws.ts';

const site = { ...unit, account };

/** Makes it, looks at it, changes it into the second, and looks again. */
async function leavesNothing<Spec extends { readonly name: string }, Live>(
  kindFor: (wanted: Spec) => ResourceKind<Spec, Live>,
  first: Spec | undefined,
  second: Spec | undefined = first,
): Promise<void> {
  assert.ok(first && second);
  const kind = kindFor(first);
  const seen = async () => {
    const found = (await kind.list([first.name])).observed.find(({ name }) => name === first.name);
    assert.ok(found, `${first.name} is not listed`);
    return found.live;
  };
  const differences = (live: Live, desired: Spec) =>
    diff(plainFields(kindFor(desired).toSpec(live)), plainFields(desired));
  await kind.create(first, step);
  const made = await seen();
  assert.deepEqual(differences(made, first), []);
  const next = { ...second, name: first.name };
  const immutable =
    typeof kind.immutable === 'function' ? kind.immutable(kindFor(next).toSpec(made), next) : kind.immutable;
  if (immutable.length === 0) {
    await kind.update(made, next, differences(made, next), step);
    assert.deepEqual(differences(await seen(), next), []);
  }
  await kind.delete(await seen(), step);
}

const runs = { seed: 20_261_125, numRuns: 60 };
const { network } = environment;

for (const [what, environments] of [
  ['Fargate', onFargate],
  ['EC2', onEc2],
] as const) {
  test(`whatever is said of a compute environment on ${what}, nothing is left to do once it is made or changed`, () =>
    withLocalAws(async (aws) => {
      const specs = (main: unknown) =>
        desiredComputeEnvironments(site, smallConfig({ computeEnvironments: { main } }), network);
      const property = asyncProperty(environments, environments, async (first, second) =>
        leavesNothing((wanted) => computeEnvironmentKind(aws, [wanted]), specs(first)[0], specs(second)[0]),
      );
      await holds(property, runs);
    }));
}

test('whatever is said of a job definition, nothing is left to do once it is made or changed', () =>
  withLocalAws(async (aws) => {
    const specs = (one: unknown) =>
      desiredJobDefinitions(site, smallConfig({ jobDefinitions: { one } }), network, new Map());
    const property = asyncProperty(anyDefinition, anyDefinition, async (first, second) =>
      leavesNothing(() => jobDefinitionKind(aws), specs(first)[0], specs(second)[0]),
    );
    await holds(property, { seed: 20_261_125, numRuns: 150 });
  }));

test('whatever is said of a job queue, nothing is left to do once it is made or changed', () =>
  withLocalAws(async (aws) => {
    const config = (main: unknown) => smallConfig({ jobQueues: { main }, schedulingPolicies: { teams: {} } });
    const [main] = desiredComputeEnvironments(site, config({ computeEnvironments: ['main'] }), network);
    const [teams] = desiredSchedulingPolicies(site, config({ computeEnvironments: ['main'] }));
    assert.ok(main && teams);
    await computeEnvironmentKind(aws).create(main, step);
    await schedulingPolicyKind(aws).create(teams, step);
    const property = asyncProperty(anyQueue, anyQueue, async (first, second) => {
      const spec = (queue: unknown) => desiredJobQueues(site, config(queue), network)[0];
      await leavesNothing(() => jobQueueKind(aws), spec(first), spec(second));
    });
    await holds(property, runs);
  }));

test('whatever is said of a scheduling policy, nothing is left to do once it is made or changed', () =>
  withLocalAws(async (aws) => {
    const specs = (teams: unknown) => desiredSchedulingPolicies(site, smallConfig({ schedulingPolicies: { teams } }));
    const property = asyncProperty(anyPolicy, option(anyPolicy, { nil: {} }), async (first, second) =>
      leavesNothing(() => schedulingPolicyKind(aws), specs(first)[0], specs(second)[0]),
    );
    await holds(property, runs);
  }));
