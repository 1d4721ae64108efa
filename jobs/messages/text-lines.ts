import { StringDecoder } from 'node:string_decoder';
import { ContractError } from './json-fields.ts';

/** The lines of a list, each of which ends in a newline. Throws ContractError when the last one does not. */
export async function* textLines(what: string, source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let begun = '';
  for await (const chunk of source) {
    const [first = '', ...rest] = decoder.write(chunk).split('\n');
    const lines = [begun + first, ...rest];
    begun = lines.pop() ?? '';
    yield* lines;
  }
  if (begun !== '') throw new ContractError(`${what} is cut off within a line`);
}
