import type { TaggedResource } from '../../world.ts';
import { clientException, refused } from './errors.ts';
import type { BatchHandlers, BatchState, Tags } from './state.ts';

const mostTags = 50;

export function taggingHandlers(state: BatchState): BatchHandlers {
  const tagsOf = (arn: string): Tags => {
    const found = taggable(state, arn);
    if (found === undefined) throw clientException(`Resource ${arn} not found`);
    return found;
  };
  return {
    TagResource({ resourceArn, tags }) {
      const current = tagsOf(resourceArn);
      if (Object.keys({ ...current, ...tags }).length > mostTags)
        throw refused(`a resource takes at most ${mostTags} tags`);
      Object.assign(current, tags);
      return {};
    },
    UntagResource({ resourceArn, tagKeys }) {
      const current = tagsOf(resourceArn);
      for (const key of tagKeys) delete current[key];
      return {};
    },
    ListTagsForResource: ({ resourceArn }) => ({ tags: { ...tagsOf(resourceArn) } }),
  };
}

function taggable(state: BatchState, arn: string): Tags | undefined {
  for (const each of namedResources(state)) if (each.arn === arn) return each.tags;
  return state.jobs.get(arn.slice(arn.indexOf(':job/') + ':job/'.length))?.tags;
}

/** What the tagging API lists of Batch: deleted and deregistered resources are not among it. */
export function* taggedResources(state: BatchState): Iterable<TaggedResource> {
  for (const { arn, tags } of namedResources(state)) {
    const retag = (wanted: Tags): void => {
      for (const key of Object.keys(tags)) delete tags[key];
      Object.assign(tags, wanted);
    };
    yield { arn, tags: { ...tags }, retag };
  }
}

function* namedResources(state: BatchState): Iterable<{ readonly arn: string; readonly tags: Tags }> {
  for (const each of state.environments.values()) if (each.status !== 'DELETED') yield each;
  for (const each of state.queues.values()) if (each.status !== 'DELETED') yield each;
  for (const revisions of state.definitions.values())
    for (const each of revisions) if (each.status === 'ACTIVE') yield each;
  yield* state.policies.values();
}
