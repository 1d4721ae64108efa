import assert from 'node:assert/strict';
import test from 'node:test';
import { asyncProperty, assert as holds, sample } from 'fast-check';
import { Config, type Section, sections } from '../../scripts/config/schema.ts';
import { desiredState } from '../../scripts/desired/desired-state.ts';
import type { DesiredState } from '../../scripts/kinds/desired-state.ts';
import type { LocalAws } from '../../scripts/local-aws/server.ts';
import { makePlan } from '../../scripts/reconcile/plan.ts';
import { treeOf } from '../build/tree.ts';
import { anyConfig, anyRepository } from '../support/any-config.ts';
import { census } from '../support/census.ts';
import { apply, asProcess, troubles } from '../support/one-run.ts';
import { startWholeAws } from '../support/whole-state.ts';
import { configFrom, owner } from '../support/written-config.ts';

/** Applies it, and then finds nothing to do. */
async function applied(local: LocalAws, desired: DesiredState): Promise<void> {
  assert.deepEqual(troubles(await asProcess(local, desired, apply)), []);
  const { changes } = await asProcess(local, desired, (sets) => makePlan(sets, owner));
  assert.deepEqual(
    changes.map(({ action, ref, ...change }) => [action, ref.kind, ref.name, 'fields' in change ? change.fields : []]),
    [],
  );
}

/**
 * What there is, by ARN, of a definition by its name. A schedule whose time has passed stays as it was, and may have been
 * made by the first config and not by the second.
 */
async function arns(local: LocalAws): Promise<readonly string[]> {
  const found = (await census(local)).flatMap((line) => /arn:[^ "]+/.exec(line) ?? []);
  const names = found.map((arn) => arn.replace(/(:job-definition\/[^:]+):\d+/, '$1'));
  return [...new Set(names)].filter((arn) => !arn.includes(':schedule/')).sort();
}

test('whatever config says: once it is applied, nothing is planned; and once another is, nothing is left of the first', async (t) => {
  const root = await treeOf(t, anyRepository);
  const property = asyncProperty(anyConfig, anyConfig, async (...configs) => {
    const [first, second] = await Promise.all(configs.map((config) => desiredState(configFrom(config, root), root)));
    assert.ok(first && second);
    await using local = await startWholeAws();
    await applied(local, first);
    await applied(local, second);
    await using fresh = await startWholeAws();
    await applied(fresh, second);
    assert.deepEqual(await arns(local), await arns(fresh));
  });
  // A failure is told with its seed and both configs. Half a minute is enough to look for a smaller one.
  await holds(property, { seed: 20_261_125, numRuns: 12, interruptAfterTimeLimit: 90_000 });
});

/** The fields of entries of a section, as the schema has them. */
function fieldsOf(section: Section): string[] {
  const { valueType } = Config.shape[section].unwrap();
  return Object.keys(valueType.shape).map((field) => `${section}.${field}`);
}

test('what is generated has every field of every section', () => {
  const entriesOf = (of: object) =>
    Object.entries(of).filter((entry): entry is [string, object] => entry[1] instanceof Object);
  const drawn = new Set(
    sample(anyConfig, { seed: 1, numRuns: 400 }).flatMap((config) =>
      entriesOf(config).flatMap(([section, entries]) =>
        entriesOf(entries).flatMap(([, entry]) => Object.keys(entry).map((field) => `${section}.${field}`)),
      ),
    ),
  );
  const missing = sections.flatMap(fieldsOf).filter((field) => !drawn.has(field));
  // A compute environment that has a name of its own is not replaced, so that a plan from one config to another may be refused.
  assert.deepEqual(missing, ['computeEnvironments.name']);
});
