import { z } from 'zod';
import { entryFields } from './entry-schema.ts';
import { Duration, overrideOf, shouldBe } from './fields.ts';

export const SchedulingPolicy = z
  .strictObject({
    ...entryFields('prefix and entry'),
    shareDecay: Duration.optional().describe(
      'fairsharePolicy.shareDecaySeconds: how long what a share has used counts against it, at most 7d. Without it only what runs now counts.',
    ),
    computeReservation: z
      .int()
      .min(0)
      .max(99)
      .default(0)
      .describe('fairsharePolicy.computeReservation: how much is kept free for shares that have no job yet, 0 to 99.'),
    shareDistribution: z
      .record(
        z.string().regex(/^[A-Za-z0-9]{0,255}\*?$/, 'must be letters and digits, with "*" at its end at most'),
        z.number().min(0.0001).max(999.9999),
        shouldBe('a map of shares, each NAME: weight'),
      )
      .default({})
      .describe(
        'fairsharePolicy.shareDistribution: weight factors by share identifier, 0.0001 to 999.9999; a share of half the weight gets twice as much. A name may end in *. What is not named weighs 1.',
      ),
    override: overrideOf('CreateSchedulingPolicy'),
  })
  .describe('An AWS Batch scheduling policy: queues that name it divide their capacity fairly among shares.');
