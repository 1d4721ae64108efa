import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { ContractError, JsonFields } from '../../messages/json-fields.ts';
import { textLines } from '../../messages/text-lines.ts';
import { reasonOf } from '../../process/job-error.ts';

/** A record of a feed: its id, a hash of its bytes, and its place among the records, from 1 on. */
export interface RecordEntry {
  /** Without the white space around it, which tells no record from another. */
  readonly id: string;
  /** The id as it stands in the record. */
  readonly text: string;
  readonly hash: string;
  readonly place: number;
}

/** By what the records of a list are told apart. Lists with different ones cannot be compared. */
export interface Keying {
  readonly record: string;
  readonly id: string;
}

/** What the entries of a list are not: records without an id, and those with one that another record has before. */
export interface Irregular {
  readonly unidentified: number;
  readonly repeated: number;
}

export type RecordStream = AsyncIterable<RecordEntry>;
export type RecordEntries = RecordStream | Iterable<RecordEntry>;

const listName = 'the list of records';

/** Lines that are handed on together. */
const linesAtOnce = 500;

/** An entry as one line. The id as it stands in the record comes last, as JSON. */
export const entryLine = ({ text, hash, place }: RecordEntry): string => `${hash} ${place} ${JSON.stringify(text)}\n`;

function parseEntry(line: string): RecordEntry {
  const [hash = '', place = ''] = line.split(' ', 2);
  const text: unknown = JSON.parse(line.slice(hash.length + place.length + 2));
  if (typeof text !== 'string') throw new ContractError(`${listName} holds a line that is none: ${line.slice(0, 80)}`);
  return { id: text.trim(), text, hash, place: Number(place) };
}

/**
 * Writes the list of a snapshot's records: gzip of lines, a header, the entries in the order of their ids, and an end
 * that tells what is in it. `irregular` is asked when all entries are there.
 */
export async function writeRecordList(
  path: string,
  keying: Keying,
  entries: RecordStream,
  irregular: () => Irregular,
): Promise<void> {
  const lines = async function* (): AsyncGenerator<string> {
    yield `${JSON.stringify({ version: 1, ...keying })}\n`;
    const count = yield* entryLines(entries);
    yield `${JSON.stringify({ end: { entries: count, ...irregular() } })}\n`;
  };
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(path));
}

/** Writes entries as `readEntries` reads them. */
export async function writeEntries(path: string, entries: RecordEntries): Promise<void> {
  await pipeline(Readable.from(entryLines(entries)), createWriteStream(path));
}

/** The lines of entries, many at once; returns how many they were. */
async function* entryLines(entries: RecordEntries): AsyncGenerator<string, number> {
  let ready = '';
  let count = 0;
  for await (const entry of entries) {
    ready += entryLine(entry);
    if (++count % linesAtOnce !== 0) continue;
    yield ready;
    ready = '';
  }
  yield ready;
  return count;
}

/** Reads the entries of a list. Throws ContractError when it is that of another keying, is damaged or is cut off. */
export async function* readRecordList(path: string, keying: Keying): RecordStream {
  let count = -1;
  let isWhole = false;
  for await (const line of unpackedLines(path)) {
    if (isWhole) throw new ContractError(`${listName} goes on behind its end`);
    if (count < 0) checkHeader(line, keying);
    else if (line.startsWith('{')) isWhole = readEnd(line).entries === count;
    else yield parseEntry(line);
    if (!isWhole) count++;
  }
  if (!isWhole) throw new ContractError(`${listName} is cut off`);
}

/** What the end of a list tells. Throws ContractError as `readRecordList` does. */
export async function readIrregular(path: string): Promise<Irregular> {
  let last = '';
  for await (const line of unpackedLines(path)) last = line;
  return readEnd(last);
}

function checkHeader(line: string, keying: Keying): void {
  const fields = JsonFields.parse(listName, line);
  fields.version(1);
  const found = { record: fields.text('record'), id: fields.text('id') };
  fields.check();
  if (found.record !== keying.record || found.id !== keying.id)
    throw new ContractError(`its records are <${found.record}> by ${found.id}`);
}

function readEnd(line: string): Irregular & { readonly entries: number } {
  const fields = JsonFields.parse(`the last line of ${listName}`, line).object('end');
  if (fields === undefined) throw new ContractError(`${listName} is cut off`);
  const end = {
    entries: fields.count('entries'),
    unidentified: fields.count('unidentified'),
    repeated: fields.count('repeated'),
  };
  fields.check();
  return end;
}

/** Entries as `entryLine` writes them, without header and end. */
export async function* readEntries(path: string): RecordStream {
  for await (const line of textLines(listName, createReadStream(path))) yield parseEntry(line);
}

async function* unpackedLines(path: string): AsyncGenerator<string> {
  const packed = createReadStream(path);
  const unpacked = createGunzip();
  packed.on('error', (error) => unpacked.destroy(error));
  try {
    yield* textLines(listName, packed.pipe(unpacked));
  } catch (error) {
    throw error instanceof ContractError ? error : new ContractError(`${listName} is damaged: ${reasonOf(error)}`);
  } finally {
    packed.destroy();
  }
}
