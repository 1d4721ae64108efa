import type { World } from '../../scripts/local-aws/world.ts';

/** What the tagging API would see of a world, as values to compare. */
export const taggedResources = ({ tagged }: Pick<World, 'tagged'>) =>
  tagged.flatMap((source) => [...source()]).map(({ arn, tags }) => ({ arn, tags }));
