import type { Around } from '../wire/around.ts';
import { AwsError } from '../wire/errors.ts';
import { nameIn, textAt } from './calls.ts';
import { Spells } from './spells.ts';
import type { Draw } from './storm.ts';

/** The name of a deleted queue is not free for 60 seconds: here, for a few attempts. */
export function freedNames(draw: Draw, lag: number): Around {
  const taken = new Spells(draw, 'queues', lag);
  return async (call, answer) => {
    if (call.service !== 'sqs') return answer(call);
    if (call.operation === 'CreateQueue' && taken.holds(textAt(call.input, 'QueueName') ?? ''))
      throw new AwsError(
        'QueueDeletedRecently',
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
      );
    const output = await answer(call);
    if (call.operation === 'DeleteQueue') taken.begin(nameIn(textAt(call.input, 'QueueUrl') ?? ''));
    return output;
  };
}
