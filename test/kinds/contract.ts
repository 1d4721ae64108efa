import assert from 'node:assert/strict';
import test from 'node:test';
import { type Aws, awsClients } from '../../scripts/aws/clients.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { diff } from '../../scripts/reconcile/diff.ts';
import type { FieldDiff, Observed, ResourceKind, Step } from '../../scripts/reconcile/kind.ts';
import { plainFields } from '../../scripts/reconcile/value.ts';

export const account = '123456789012';
const region = 'eu-central-1';
export const inRegion = (service: string, rest: string): string => `arn:aws:${service}:${region}:${account}:${rest}`;

export const step: Step = { signal: new AbortController().signal, permits: new Set(), waiting: () => {} };

/** One kind, a resource of it, and what a hand in the console may do to that. */
export interface Example<Spec extends { readonly name: string }, Live> {
  kind(aws: Aws): ResourceKind<Spec, Live>;
  readonly desired: NoInfer<Spec>;
  /** Makes what it refers to. */
  prepare?(aws: Aws): Promise<unknown>;
  /** A change behind our back, by the path at or below which it shows. */
  readonly drifts: Readonly<Record<string, (aws: Aws, live: Live) => Promise<unknown>>>;
  /** What belongs to its parent is not found by a tag of its own. */
  readonly foundByName?: true;
  /** It carries no tags: it is taken over with its parent. */
  readonly untagged?: true;
}

/** An empty embedded AWS and clients of two owners, for one test. */
export async function withAws(run: (ours: Aws, theirs: Aws, endpoint: string) => Promise<void>): Promise<void> {
  await using local = await startLocalAws({ account, region });
  const clients = (owner: string): Aws =>
    awsClients({
      region,
      owner,
      endpoint: local.endpoint,
      credentials: { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' },
    });
  const ours = clients('baton/test');
  const theirs = clients('baton/other');
  try {
    await run(ours, theirs, local.endpoint);
  } finally {
    ours.close();
    theirs.close();
  }
}

/** What every kind must do, whatever it is, against the embedded AWS. */
export function contract<Spec extends { readonly name: string }, Live>(
  title: string,
  example: Example<Spec, Live>,
): void {
  const { desired } = example;
  const names = [desired.name];

  async function only(kind: ResourceKind<Spec, Live>): Promise<Observed<Live>> {
    const { observed: all } = await kind.list(example.foundByName ? names : []);
    const [observed, ...others] = all;
    assert.ok(observed, `${title} is not listed as ours`);
    assert.deepEqual(others, []);
    assert.equal(observed.name, desired.name);
    return observed;
  }

  const differences = (kind: ResourceKind<Spec, Live>, live: Live): readonly FieldDiff[] =>
    diff(plainFields(kind.toSpec(live)), plainFields(desired));

  async function created(aws: Aws): Promise<ResourceKind<Spec, Live>> {
    await example.prepare?.(aws);
    const kind = example.kind(aws);
    await kind.create(desired, step);
    return kind;
  }

  test(`${title}: what was created is listed as ours and equals what was wanted`, () =>
    withAws(async (ours) => {
      const kind = await created(ours);
      const { owner, live } = await only(kind);
      assert.equal(owner, 'baton/test');
      assert.deepEqual(kind.toSpec(live), desired);
    }));

  test(`${title}: nothing is listed where there is nothing`, () =>
    withAws(async (ours) => {
      await example.prepare?.(ours);
      assert.deepEqual((await example.kind(ours).list(names)).observed, []);
    }));

  test(`${title}: one of somebody else is listed by its name only, with its owner`, () =>
    withAws(async (ours, theirs) => {
      await created(theirs);
      const kind = example.kind(ours);
      assert.deepEqual((await kind.list([])).observed, []);
      assert.deepEqual(
        (await kind.list(names)).observed.map(({ name, owner }) => ({ name, owner })),
        [{ name: desired.name, owner: 'baton/other' }],
      );
    }));

  if (example.foundByName === undefined && example.untagged === undefined) {
    test(`${title}: one that somebody else made is taken over by its tag, and nothing else of it changes`, () =>
      withAws(async (ours, theirs) => {
        await created(theirs);
        const kind = example.kind(ours);
        const [observed] = (await kind.list(names)).observed;
        assert.ok(observed && kind.adopt);
        await kind.adopt(observed.live, step);
        const { owner, live } = await only(kind);
        assert.equal(owner, 'baton/test');
        assert.deepEqual(kind.toSpec(live), desired);
      }));
  }

  for (const [field, tamper] of Object.entries(example.drifts)) {
    test(`${title}: a change of ${field} behind our back is seen, and an update repairs it`, () =>
      withAws(async (ours) => {
        const kind = await created(ours);
        await tamper(ours, (await only(kind)).live);
        const { live } = await only(kind);
        const fields = differences(kind, live);
        assert.ok(fields.length > 0, 'the change is not seen');
        const elsewhere = fields.filter(({ path }) => !path.startsWith(field));
        assert.deepEqual(elsewhere, []);
        await kind.update(live, desired, fields, step);
        assert.deepEqual(differences(kind, (await only(kind)).live), []);
      }));
  }

  test(`${title}: creating what is there already, and deleting what is gone, is harmless`, () =>
    withAws(async (ours) => {
      const kind = await created(ours);
      await kind.create(desired, step);
      const { live } = await only(kind);
      assert.deepEqual(differences(kind, live), []);
      await kind.delete(live, step);
      assert.deepEqual((await kind.list(names)).observed, []);
      await kind.delete(live, step);
    }));

  test(`${title}: what was deleted can be created again`, () =>
    withAws(async (ours) => {
      const kind = await created(ours);
      await kind.delete((await only(kind)).live, step);
      await kind.create(desired, step);
      assert.deepEqual(differences(kind, (await only(kind)).live), []);
    }));
}
