import { createHash, type Hash, hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { WorkFolder } from '../../process/work-folder.ts';
import { expandEntities } from '../../xml/entities.ts';
import type { RecordSink } from '../intake/record-cutter.ts';
import { IdReader } from './record-id.ts';
import {
  entryLine,
  type Irregular,
  type RecordEntries,
  type RecordEntry,
  type RecordStream,
  readEntries,
  writeEntries,
} from './record-list.ts';

/** A larger record has no id: it would have to be held. */
const mostRecordBytes = 64 * 1024 * 1024;

/** Entries that are sorted in memory: a few megabytes. More of them become sorted runs in files, which are merged. */
const entriesInMemory = 25_000;

/** Runs that are merged at once: each is an open file. */
const mostMerged = 64;

/** Characters of base64 that tell one version of a record from another: 132 bits. */
const hashLength = 22;

/** Makes entries of the records of a feed, in the order of their ids, however many there are. */
export class RecordIndex implements RecordSink {
  readonly #ids: IdReader;
  readonly #folder: WorkFolder;
  readonly #askEntities: () => ReadonlyMap<string, string>;
  #entities: ReadonlyMap<string, string> | undefined;
  readonly #inMemory: number;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  /** Of a record that is too large to be held. */
  #hash: Hash | undefined;
  #entries: RecordEntry[] = [];
  #runs: string[] = [];
  #records = 0;
  #unidentified = 0;
  #repeated = 0;

  /** `entities` is asked when the first record is whole. */
  constructor(
    field: string,
    folder: WorkFolder,
    entities: () => ReadonlyMap<string, string>,
    inMemory = entriesInMemory,
  ) {
    this.#ids = new IdReader(field);
    this.#folder = folder;
    this.#askEntities = entities;
    this.#inMemory = inMemory;
  }

  /** `repeated` is complete when all entries have been read. */
  get irregular(): Irregular {
    return { unidentified: this.#unidentified, repeated: this.#repeated };
  }

  piece(utf8: Uint8Array): void {
    this.#bytes += utf8.length;
    if (this.#bytes <= mostRecordBytes) return void this.#pieces.push(utf8);
    this.#hash ??= this.#pieces.reduce((sum, piece) => sum.update(piece), createHash('sha256'));
    this.#hash.update(utf8);
    this.#pieces = [];
  }

  end(): void {
    const place = ++this.#records;
    const record = joined(this.#pieces);
    this.#entities ??= this.#askEntities();
    const text = this.#hash === undefined ? this.#ids.read(record, this.#entities) : undefined;
    const sum = this.#hash?.digest('base64') ?? hash('sha256', withEntities(record, this.#entities), 'base64');
    this.#pieces = [];
    this.#bytes = 0;
    this.#hash = undefined;
    if (text === undefined) this.#unidentified++;
    // A copy: V8 would keep the whole sum for the sake of a part of it.
    else this.#entries.push({ id: text.trim(), text, hash: Buffer.from(sum).toString('latin1', 0, hashLength), place });
    if (this.#entries.length === this.#inMemory) this.#writeRun();
  }

  /** Every entry, in the order of ids, and of places where ids are the same. */
  async *sorted(): RecordStream {
    while (this.#runs.length > mostMerged) await this.#mergeRuns();
    const all = mergedAll([...this.#runs.map(readEntries), this.#sortedEntries()]);
    let latest: string | undefined;
    this.#repeated = 0;
    for await (const entry of all) {
      if (entry.id === latest) this.#repeated++;
      latest = entry.id;
      yield entry;
    }
  }

  /** The first of the runs become one, which goes to the end: so each round meets the smallest. */
  async #mergeRuns(): Promise<void> {
    const merging = this.#runs.slice(0, mostMerged);
    const path = this.#folder.newFile('run');
    await writeEntries(path, mergedAll(merging.map(readEntries)));
    for (const each of merging) this.#folder.remove(each);
    this.#runs = [...this.#runs.slice(mostMerged), path];
  }

  #sortedEntries(): readonly RecordEntry[] {
    return this.#entries.sort(order);
  }

  /** At once, so that nothing of it is held while more comes. */
  #writeRun(): void {
    const path = this.#folder.newFile('run');
    writeFileSync(path, this.#sortedEntries().map(entryLine).join(''));
    this.#runs.push(path);
    this.#entries = [];
  }
}

/** A record changes with the entities that it refers to, though its own bytes stay the same. */
const withEntities = (record: Buffer, entities: ReadonlyMap<string, string>): Buffer | string =>
  entities.size > 0 && record.includes('&') ? expandEntities(record.toString(), entities) : record;

function joined(pieces: readonly Uint8Array[]): Buffer {
  const [first, second] = pieces;
  return first === undefined || second !== undefined
    ? Buffer.concat(pieces)
    : Buffer.from(first.buffer, first.byteOffset, first.byteLength);
}

const order = (a: RecordEntry, b: RecordEntry): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.place - b.place);

function mergedAll(sources: readonly RecordEntries[]): RecordEntries {
  const [first = [], second] = sources;
  if (second === undefined) return first;
  const half = Math.ceil(sources.length / 2);
  return merged(mergedAll(sources.slice(0, half)), mergedAll(sources.slice(half)));
}

async function* merged(left: RecordEntries, right: RecordEntries): RecordStream {
  const others = iterator(right);
  let other = await others.next();
  for await (const entry of left) {
    for (; other.done !== true && order(other.value, entry) < 0; other = await others.next()) yield other.value;
    yield entry;
  }
  for (; other.done !== true; other = await others.next()) yield other.value;
}

const iterator = (entries: RecordEntries): AsyncIterator<RecordEntry> | Iterator<RecordEntry> =>
  Symbol.asyncIterator in entries ? entries[Symbol.asyncIterator]() : entries[Symbol.iterator]();
