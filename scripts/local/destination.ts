import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { closed, listening } from './loopback.ts';

/** What a destination has taken so far. */
interface Received {
  readonly records: number;
  readonly batches: number;
  /** Batches that came again and were not stored again. */
  readonly repeats: number;
  /** Bytes in records.ndjson. */
  readonly bytes: number;
}

/** The service at the end of the pipeline: it takes batches of NDJSON and keeps their records in a file. */
export interface LocalDestination extends AsyncDisposable {
  readonly url: string;
  /** `records.ndjson`: one record's own object a line, in the order of arrival. */
  readonly file: string;
  received(): Received;
}

const largestBatch = 64 * 1024 * 1024;
const lineEnd = Buffer.from('\n');

/** Starts the service on 127.0.0.1, on a free port unless one is given. What the file held before is gone. */
export async function startDestination(options: {
  readonly directory: string;
  readonly port?: number;
}): Promise<LocalDestination> {
  mkdirSync(options.directory, { recursive: true });
  const file = join(options.directory, 'records.ndjson');
  const output = createWriteStream(file);
  await once(output, 'open');
  const store = new RecordStore(output);
  const server = createServer((request, response) => {
    accept(store, request).then(
      (answer) => reply(response, answer),
      (error: unknown) => reply(response, { status: 500, body: { error: String(error) } }),
    );
  });
  return {
    url: `${await listening(server, options.port ?? 0)}/records`,
    file,
    received: () => store.received,
    [Symbol.asyncDispose]: async () => {
      await closed(server);
      output.end();
      if (!output.closed) await once(output, 'close');
    },
  };
}

/** Keeps each batch once. Batches are written one after the other, so that their lines never mix. */
class RecordStore {
  readonly #output: WriteStream;
  readonly #batches = new Map<string, Promise<void>>();
  #last: Promise<void> = Promise.resolve();
  #received: Received = { records: 0, batches: 0, repeats: 0, bytes: 0 };

  constructor(output: WriteStream) {
    this.#output = output;
  }

  get received(): Received {
    return this.#received;
  }

  /** Resolves when the batch is written, now or under the same key before. */
  async keep(key: string, body: Buffer, records: number): Promise<void> {
    const before = this.#batches.get(key);
    if (before !== undefined) {
      this.#received = { ...this.#received, repeats: this.#received.repeats + 1 };
      return await before;
    }
    this.#last = this.#last.then(() => this.#append(body, records));
    this.#batches.set(key, this.#last);
    await this.#last;
  }

  async #append(body: Buffer, records: number): Promise<void> {
    if (!this.#output.write(body)) await once(this.#output, 'drain');
    const { received } = this;
    this.#received = {
      ...received,
      records: received.records + records,
      batches: received.batches + 1,
      bytes: received.bytes + body.length,
    };
  }
}

interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function accept(store: RecordStore, request: IncomingMessage): Promise<Reply> {
  if (request.method !== 'POST') return { status: 405, body: { error: 'batches are posted' } };
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') return { status: 400, body: { error: 'the idempotency-key is missing' } };
  const body = await read(request);
  if (body === undefined) return { status: 413, body: { error: `a batch has at most ${largestBatch} bytes` } };
  if (!isUtf8(body)) return { status: 400, body: { error: 'the batch is not UTF-8' } };
  const lines = linesOf(body);
  const wrong = lines.findIndex((line) => !isJson(line.toString()));
  if (wrong >= 0) return { status: 400, body: { error: `line ${wrong + 1} of the batch is not JSON` } };
  await store.keep(key, Buffer.concat(lines.flatMap((line) => [line, lineEnd])), lines.length);
  return { status: 200, body: { accepted: lines.length } };
}

/** `undefined` for a body that is too large. */
async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > largestBatch) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Bytes, not text: strings of this size would fill the heap until V8 looks for them. */
function linesOf(body: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const found = body.indexOf(lineEnd, at);
    const end = found < 0 ? body.length : found;
    if (end > at) lines.push(body.subarray(at, end));
    at = end + 1;
  }
  return lines;
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function reply(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}
