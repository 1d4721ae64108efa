import type { Aws } from '../../scripts/aws/clients.ts';

const clients = [
  ...['batch', 'ecr', 'events', 'iam', 'lambda', 'logs', 's3', 'sns', 'sqs', 'sts', 'tagging'],
] as const satisfies readonly (keyof Aws)[];

/** What is thrown at who was killed, so that nothing of it goes on. */
class Killed extends Error {
  override readonly name = 'Killed';
}

/**
 * Kills who calls AWS after its `last`-th call: that call is carried out and its answer is not heard, none leaves after
 * it, and what is under way beside it is carried out unheard as well. Returns how many calls were made.
 */
export function killAfter(aws: Aws, last: number): () => number {
  let calls = 0;
  const alive = (): void => {
    if (calls >= last) throw new Killed(`killed after call ${last}`);
  };
  for (const name of clients) {
    const client = aws[name];
    const send = client.send;
    const mortal = async (...args: readonly unknown[]): Promise<unknown> => {
      alive();
      const answer: unknown = await Reflect.apply(send, client, args);
      alive();
      calls += 1;
      alive();
      return answer;
    };
    Object.defineProperty(client, 'send', { value: mortal });
  }
  return () => calls;
}
