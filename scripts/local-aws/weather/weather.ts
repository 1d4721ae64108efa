import type { Indexed } from '../services/tagging/tagging.ts';
import type { Around } from '../wire/around.ts';
import type { World } from '../world.ts';
import { buckets } from './buckets.ts';
import { freedNames } from './freed-names.ts';
import { freshRoles } from './fresh-roles.ts';
import { functionStates } from './function-states.ts';
import { partialFailures } from './partial-failures.ts';
import { settling } from './settling.ts';
import { staleReads } from './stale-reads.ts';
import { drawFrom, type Storm } from './storm.ts';
import { tagIndex } from './tag-index.ts';
import { throttling } from './throttling.ts';

/** What stands between callers and services that are right at once, so that they look as AWS does from outside. */
export interface Weather {
  /** Outermost first. */
  readonly around: readonly Around[];
  /** How Batch ends its transitions. */
  readonly settle: (finish: () => void) => void;
  /** What the tagging API has heard of. */
  readonly indexed: Indexed;
}

export const calm: Weather = { around: [], settle: (finish) => finish(), indexed: (all) => all };

/**
 * A storm over a world. It concerns who calls over HTTP; what services do for each other happens as ever. Nothing is
 * done halfway: a call that is refused has done nothing, and one that is answered from memory was a read.
 */
export function createWeather(world: World, storm: Storm): Weather {
  const draw = drawFrom(storm.seed);
  const { around: passing, settle } = settling(world, draw, storm);
  return {
    around: [
      throttling(draw, storm.throttled),
      passing,
      freshRoles(world, draw, storm),
      freedNames(draw, storm.lag),
      buckets(draw, storm),
      functionStates(draw, storm.lag),
      partialFailures(draw, storm.conflicting),
      // Innermost: it remembers what services answered, and nothing of the weather.
      staleReads(draw, storm.stale),
    ],
    settle,
    indexed: tagIndex(draw, storm.lag),
  };
}
