import { AwsError } from './errors.ts';

/**
 * Takes the aws-chunked coding off a body: `<hex size>[;chunk-signature=…]\r\n<data>\r\n … 0\r\n<trailers>\r\n`. Signatures
 * are passed over; `trailers` gets the headers behind the data. Throws IncompleteBody when the last chunk does not arrive.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const decoder = new ChunkDecoder(trailers);
  for await (const piece of source) yield* decoder.decode(piece);
  if (!decoder.complete) throw incomplete();
}

const incomplete = (): AwsError => new AwsError('IncompleteBody', 'The request body terminated unexpectedly');

class ChunkDecoder {
  #buffered: Buffer = Buffer.alloc(0);
  #expects: 'size' | 'data' | 'end of data' | 'trailers' = 'size';
  /** Bytes of the current chunk still to come. */
  #left = 0;
  readonly #trailers: Map<string, string>;

  constructor(trailers: Map<string, string>) {
    this.#trailers = trailers;
  }

  get complete(): boolean {
    return this.#expects === 'trailers';
  }

  /** The data in the next piece, which may end anywhere: in a size, in data, between the two characters of a line's end. */
  *decode(piece: Buffer): Generator<Buffer> {
    this.#buffered = this.#buffered.length === 0 ? piece : Buffer.concat([this.#buffered, piece]);
    do {
      const data = this.#takeData();
      if (data.length > 0) yield data;
    } while (this.#left === 0 && this.#takeLine());
  }

  #takeData(): Buffer {
    const data = this.#buffered.subarray(0, this.#left);
    this.#buffered = this.#buffered.subarray(data.length);
    this.#left -= data.length;
    if (this.#expects === 'data' && this.#left === 0) this.#expects = 'end of data';
    return data;
  }

  /** False when no whole line is there yet. */
  #takeLine(): boolean {
    const end = this.#buffered.indexOf('\r\n');
    if (end < 0) return false;
    const line = this.#buffered.toString('latin1', 0, end);
    this.#buffered = this.#buffered.subarray(end + 2);
    if (this.#expects === 'trailers') this.#addTrailer(line);
    else if (this.#expects === 'end of data') this.#expects = 'size';
    else {
      this.#left = sizeOf(line);
      this.#expects = this.#left === 0 ? 'trailers' : 'data';
    }
    return true;
  }

  /** `x-amz-checksum-crc32:y/Q5Jg==`; an empty line ends them. */
  #addTrailer(line: string): void {
    const [, name, value] = /^([^:]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) this.#trailers.set(name.toLowerCase(), value);
  }
}

function sizeOf(line: string): number {
  const size = /^([0-9a-f]+)(?:;|$)/i.exec(line)?.[1];
  if (size === undefined) throw incomplete();
  return Number.parseInt(size, 16);
}
