import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { ContractError, JsonFields } from './json-fields.ts';
import type { RecordRun } from './record-set.ts';
import { textLines } from './text-lines.ts';

/**
 * The list of what a snapshot changed, at `changes.key` of its message: gzip of one JSON object a line,
 *
 *     {"version":1,"id":"<id of the message>"}
 *     {"deliver":[17,20]}      records 17 to 20 of the feed, from 1 on, were added or changed; in ascending order
 *     {"removed":"<id>"}       a record of this id was in the snapshot before and is not in this one
 *     {"end":{"deliver":4,"removed":1,"sha256":"…"}}      the counts of both, and the hash of all lines before this one
 *
 * Records go by their places, not by their ids: who delivers need not know what an id is, and holds a bit for each record.
 */
export type FeedChange =
  | { readonly kind: 'deliver'; readonly run: RecordRun }
  | { readonly kind: 'removed'; readonly id: string };

/**
 * What is delivered in the place of a record that is no more. No element of XML has a name with a `$` in front of
 * letters, so no record looks like it.
 */
export const deletionOf = (id: string): string => JSON.stringify({ $deleted: id });

/** The bytes of a list. `runs` ascend; neither source is held in memory. */
export function writeChanges(
  messageId: string,
  runs: Iterable<RecordRun>,
  removed: AsyncIterable<string> | Iterable<string>,
): Readable {
  const lines = Readable.from(linesOf(messageId, runs, removed));
  // An error of a source reaches who reads: the last stream is destroyed with it.
  return pipeline(lines, createGzip(), () => {});
}

async function* linesOf(
  id: string,
  runs: Iterable<RecordRun>,
  removed: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string> {
  const sum = new Sum();
  yield sum.pass(JSON.stringify({ version: 1, id }));
  for (const run of runs) {
    sum.add({ kind: 'deliver', run });
    yield sum.pass(JSON.stringify({ deliver: run }));
  }
  for await (const each of removed) {
    sum.add({ kind: 'removed', id: each });
    yield sum.pass(JSON.stringify({ removed: each }));
  }
  yield `${JSON.stringify({ end: sum.end() })}\n`;
}

/** What the last line of a list says about those before it. */
class Sum {
  readonly #hash = createHash('sha256');
  #deliver = 0;
  #removed = 0;

  add(change: FeedChange): void {
    if (change.kind === 'removed') this.#removed++;
    else this.#deliver += change.run[1] - change.run[0] + 1;
  }

  pass(line: string): string {
    this.#hash.update(`${line}\n`);
    return `${line}\n`;
  }

  end(): { readonly deliver: number; readonly removed: number; readonly sha256: string } {
    return { deliver: this.#deliver, removed: this.#removed, sha256: this.#hash.digest('hex') };
  }
}

/**
 * The changes of a list, as a stream. Throws ContractError, at the latest after the last change, when it is the list of
 * another message, is damaged or is cut off; errors of the source pass through.
 */
export async function* readChanges(messageId: string, stored: AsyncIterable<Uint8Array>): AsyncGenerator<FeedChange> {
  const sum = new Sum();
  let place: 'header' | 'changes' | 'end' = 'header';
  let latest = 0;
  for await (const line of textLines('the list of changes', gunzipped(stored))) {
    const fields = JsonFields.parse('a line of the list of changes', line);
    const end = fields.object('end');
    if (place === 'end') throw new ContractError('the list of changes goes on behind its end');
    if (place === 'header') checkHeader(fields, messageId);
    else if (end !== undefined) checkEnd(end, sum);
    else {
      const change = readChange(fields, latest);
      if (change.kind === 'deliver') latest = change.run[1];
      sum.add(change);
      yield change;
    }
    // What is behind the end is asked for as well: the checksum of the gzip.
    place = end === undefined ? 'changes' : 'end';
    if (end === undefined) sum.pass(line);
  }
  if (place !== 'end') throw new ContractError('the list of changes is cut off');
}

function checkHeader(fields: JsonFields, messageId: string): void {
  fields.version(1);
  const id = fields.text('id');
  fields.check();
  if (id !== messageId) throw new ContractError(`the list of changes is that of message ${id}, not of ${messageId}`);
}

function readChange(fields: JsonFields, latest: number): FeedChange {
  if (!fields.has('deliver')) {
    const id = fields.text('removed');
    fields.check();
    return { kind: 'removed', id };
  }
  const [from, to] = fields.counts('deliver', 2);
  fields.check();
  if (from === undefined || to === undefined || from <= latest || to < from)
    throw new ContractError(`the list of changes is damaged: records ${from} to ${to} come after record ${latest}`);
  return { kind: 'deliver', run: [from, to] };
}

function checkEnd(fields: JsonFields, sum: Sum): void {
  const said = { deliver: fields.count('deliver'), removed: fields.count('removed'), sha256: fields.text('sha256') };
  fields.check();
  const seen = sum.end();
  if (JSON.stringify(said) !== JSON.stringify(seen))
    throw new ContractError(
      `the list of changes is damaged: it says ${JSON.stringify(said)} and has ${JSON.stringify(seen)}`,
    );
}

async function* gunzipped(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const source = Readable.from(stored, { objectMode: false });
  let broken: unknown;
  source.on('error', (error) => {
    broken = error;
  });
  try {
    for await (const chunk of pipeline(source, createGunzip(), () => {})) yield chunk;
  } catch (error) {
    if (broken !== undefined) throw broken;
    throw new ContractError(`the list of changes is damaged: ${String(error)}`);
  } finally {
    source.destroy();
  }
}
