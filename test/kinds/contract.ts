import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { type Aws, awsClients } from '../../scripts/aws/clients.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { type Storm, stormy } from '../../scripts/local-aws/weather/storm.ts';
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

/** What the weather is like while a contract is held to. */
interface Sky {
  /** Behind the title of a test. */
  readonly title: string;
  readonly weather?: Storm;
  /** How often one may have to look until what is seen is what is so. */
  readonly looks: number;
}

const calm: Sky = { title: '', looks: 1 };

/** Weather of its own for each text. A read is late twice at most, the tagging API a few times more. */
const stormOver = (text: string): Sky => ({
  title: ', in a storm',
  weather: stormy(createHash('sha256').update(text).digest().readUInt16BE()),
  looks: 12,
});

/** Looks until nothing is wrong with what is seen. Only what is seen may be wrong: errors of AWS pass through. */
async function eventually<T>({ looks }: Sky, look: () => Promise<T>): Promise<T> {
  for (let left = looks; ; left -= 1) {
    try {
      return await look();
    } catch (error) {
      if (left <= 1 || !(error instanceof assert.AssertionError)) throw error;
    }
  }
}

/** A hand in the console tries again, whatever it is refused for. */
async function byHand<T>({ looks }: Sky, change: () => Promise<T>): Promise<T> {
  for (let left = looks; ; left -= 1) {
    try {
      return await change();
    } catch (error) {
      if (left <= 1) throw error;
    }
  }
}

/** An empty embedded AWS and clients of two owners, for one test. */
export async function withAws(
  run: (ours: Aws, theirs: Aws, endpoint: string) => Promise<void>,
  { weather }: Sky = calm,
): Promise<void> {
  await using local = await startLocalAws({ account, region, ...(weather && { weather }) });
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

/** What every kind must do, whatever it is, against the embedded AWS: in calm weather, and once more in a storm. */
export function contract<Spec extends { readonly name: string }, Live>(
  title: string,
  example: Example<Spec, Live>,
): void {
  const { desired } = example;
  const names = [desired.name];

  async function list(kind: ResourceKind<Spec, Live>, named = names): Promise<readonly Observed<Live>[]> {
    const { observed, unseen } = await kind.list(named);
    assert.equal(unseen, undefined);
    return observed;
  }

  async function only(kind: ResourceKind<Spec, Live>): Promise<Observed<Live>> {
    const [observed, ...others] = await list(kind, example.foundByName ? names : []);
    assert.ok(observed, `${title} is not listed as ours`);
    assert.deepEqual(others, []);
    assert.equal(observed.name, desired.name);
    return observed;
  }

  const differences = (kind: ResourceKind<Spec, Live>, live: Live): readonly FieldDiff[] =>
    diff(plainFields(kind.toSpec(live)), plainFields(desired));

  /** Looks until it is ours, and as it is wanted. */
  const settled = (sky: Sky, kind: ResourceKind<Spec, Live>): Promise<Live> =>
    eventually(sky, async () => {
      const { owner, live } = await only(kind);
      assert.equal(owner, 'baton/test');
      assert.deepEqual(differences(kind, live), []);
      return live;
    });

  const gone = (sky: Sky, kind: ResourceKind<Spec, Live>): Promise<void> =>
    eventually(sky, async () => assert.deepEqual(await list(kind), []));

  async function created(aws: Aws): Promise<ResourceKind<Spec, Live>> {
    await example.prepare?.(aws);
    const kind = example.kind(aws);
    await kind.create(desired, step);
    return kind;
  }

  function tampered(sky: Sky, field: string, tamper: (aws: Aws, live: Live) => Promise<unknown>): void {
    test(`${title}: a change of ${field} behind our back is seen, and an update repairs it${sky.title}`, () =>
      withAws(async (ours) => {
        const kind = await created(ours);
        const before = await settled(sky, kind);
        await byHand(sky, () => tamper(ours, before));
        const { live, fields } = await eventually(sky, async () => {
          const { live } = await only(kind);
          const fields = differences(kind, live);
          assert.ok(fields.length > 0, 'the change is not seen');
          return { live, fields };
        });
        const elsewhere = fields.filter(({ path }) => !path.startsWith(field));
        assert.deepEqual(elsewhere, []);
        await kind.update(live, desired, fields, step);
        await settled(sky, kind);
      }, sky));
  }

  test(`${title}: what was created equals what was wanted`, () =>
    withAws(async (ours) => {
      const kind = await created(ours);
      assert.deepEqual(kind.toSpec((await only(kind)).live), desired);
    }));

  test(`${title}: nothing is listed where there is nothing`, () =>
    withAws(async (ours) => {
      await example.prepare?.(ours);
      assert.deepEqual(await list(example.kind(ours)), []);
    }));

  for (const [field, tamper] of Object.entries(example.drifts)) tampered(calm, field, tamper);
  for (const [field, tamper] of Object.entries(example.drifts).slice(0, 1)) tampered(stormOver(title), field, tamper);

  for (const sky of [calm, stormOver(title)]) {
    test(`${title}: one of somebody else is listed by its name only, with its owner${sky.title}`, () =>
      withAws(async (ours, theirs) => {
        await created(theirs);
        const kind = example.kind(ours);
        assert.deepEqual(await list(kind, []), []);
        await eventually(sky, async () =>
          assert.deepEqual(
            (await list(kind)).map(({ name, owner }) => ({ name, owner })),
            [{ name: desired.name, owner: 'baton/other' }],
          ),
        );
      }, sky));

    if (example.foundByName === undefined && example.untagged === undefined) {
      test(`${title}: one that somebody else made is taken over by its tag, and nothing else of it changes${sky.title}`, () =>
        withAws(async (ours, theirs) => {
          await created(theirs);
          const kind = example.kind(ours);
          const observed = await eventually(sky, async () => {
            const [observed] = await list(kind);
            assert.ok(observed);
            return observed;
          });
          assert.ok(kind.adopt);
          await kind.adopt(observed.live, step);
          await settled(sky, kind);
        }, sky));
    }

    test(`${title}: creating what is there already, and deleting what is gone, is harmless${sky.title}`, () =>
      withAws(async (ours) => {
        const kind = await created(ours);
        await kind.create(desired, step);
        const live = await settled(sky, kind);
        await kind.delete(live, step);
        await gone(sky, kind);
        await kind.delete(live, step);
      }, sky));

    test(`${title}: what was deleted can be created again${sky.title}`, () =>
      withAws(async (ours) => {
        const kind = await created(ours);
        await kind.delete(await settled(sky, kind), step);
        await kind.create(desired, step);
        await settled(sky, kind);
      }, sky));
  }
}
