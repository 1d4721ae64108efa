import type { Validators } from '../../messages/feed-state.ts';
import { JobError } from '../../process/job-error.ts';
import { FeedError } from '../../xml/feed-error.ts';
import { type Intake, type TakenIn, takeIn } from '../intake/intake.ts';
import { BrokenOff } from './feed-body.ts';
import { discretionOf, type FeedExchange, shownUrl } from './feed-exchange.ts';
import { requestFeed } from './feed-request.ts';

/**
 * Takes in the feed unless it still is the version that the validators name. A download that broke off for good is begun
 * anew, as often as patience allows. Throws JobError.
 */
export async function download(
  exchange: FeedExchange,
  known: Validators | undefined,
  intake: Intake,
): Promise<'not modified' | { readonly taken: TakenIn; readonly validators: Validators }> {
  for (let left = exchange.patience.beginnings - 1; ; left--) {
    const answer = await requestFeed(exchange, known);
    if (answer.kind === 'not modified') return 'not modified';
    try {
      return { taken: await takeIn(intake, answer.body), validators: answer.validators };
    } catch (error) {
      if (error instanceof FeedError)
        throw new JobError(
          `${discretionOf(exchange.url)(error.message)}; it came from ${shownUrl(exchange.url)}`,
          error.details,
        );
      if (!(error instanceof BrokenOff) || left === 0) throw error;
      exchange.tell(error.message, { ...error.details, begins: 'anew' });
    }
  }
}
