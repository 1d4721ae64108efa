import { type Pause, readStateBucketTags } from '../../aws/pause-tags.ts';
import type { OpenEnvironment } from '../../control/environment.ts';
import { stateBucketOf } from '../../control/exclusive.ts';
import { PlanError } from '../../reconcile/errors.ts';
import { type Pausables, pausables } from './pausable.ts';
import { readRecord } from './record.ts';

/** How an environment stands: what can be switched, the mark of a pause, and the record of how everything was. */
export interface Situation extends Pausables {
  readonly bucket: string;
  readonly mark: Pause | undefined;
  readonly kept: Awaited<ReturnType<typeof readRecord>>;
}

/** Reads only. Throws PlanError where there is nothing of ours that could be paused. */
export async function situationOf(environment: OpenEnvironment, doing: string): Promise<Situation> {
  const { aws, owner, loaded } = environment;
  const { name: bucket } = stateBucketOf(environment);
  const tags = await readStateBucketTags(aws, bucket);
  if (tags === undefined) {
    throw new PlanError([
      `${doing}: there is no bucket "${bucket}", where baton keeps its notes; apply makes it, and what could be paused`,
    ]);
  }
  if (tags.owner !== owner) {
    throw new PlanError([
      `${doing}: bucket "${bucket}" ${tags.owner === undefined ? 'carries no tag baton:owner' : `is tagged baton:owner = ${tags.owner}`}, so it is not ours to change`,
    ]);
  }
  const [kept, found] = await Promise.all([readRecord(aws, bucket), pausables(aws, loaded)]);
  return { bucket, mark: tags.pause, kept, ...found };
}
