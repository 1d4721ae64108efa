import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { decodeAwsChunked } from './aws-chunked.ts';

/** The credential scope of Signature Version 4. Signatures themselves are not checked. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/** A request as the protocols see it: its body either as a stream or, once, as bytes. */
export class WireRequest {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: ReadonlyMap<string, string>;
  /** Without the aws-chunked coding. */
  readonly stream: Readable;
  /** Headers behind an aws-chunked body; there once the stream was read to its end. */
  readonly trailers: ReadonlyMap<string, string>;
  readonly #message: IncomingMessage;
  #bytes: Promise<Buffer> | undefined;
  #form: Promise<URLSearchParams> | undefined;

  constructor(message: IncomingMessage) {
    const url = message.url ?? '/';
    const questionMark = url.indexOf('?');
    this.#message = message;
    this.method = message.method ?? 'GET';
    this.path = questionMark < 0 ? url : url.slice(0, questionMark);
    this.query = new URLSearchParams(questionMark < 0 ? '' : url.slice(questionMark));
    const headers = headersOf(message);
    const trailers = new Map<string, string>();
    if (isAwsChunked(headers)) {
      withoutAwsChunked(headers);
      this.stream = Readable.from(decodeAwsChunked(message, trailers), { objectMode: false });
    } else this.stream = message;
    this.headers = headers;
    this.trailers = trailers;
  }

  /** True once the caller has gone away before its request was whole. */
  get aborted(): boolean {
    return this.#message.destroyed && !this.#message.complete;
  }

  bytes(): Promise<Buffer> {
    this.#bytes ??= collect(this.stream);
    return this.#bytes;
  }

  /** The parameters of a query protocol, from the query string and the body. */
  form(): Promise<URLSearchParams> {
    this.#form ??= this.#readForm();
    return this.#form;
  }

  async #readForm(): Promise<URLSearchParams> {
    if (this.method !== 'POST') return this.query;
    const body = new URLSearchParams((await this.bytes()).toString('utf8'));
    return new URLSearchParams([...this.query, ...body]);
  }

  /** Signed by header or by query (presigned URLs); `undefined` for anonymous requests. */
  get credential(): CredentialScope | undefined {
    const scope =
      /Credential=([^,\s]+)/.exec(this.headers.get('authorization') ?? '')?.[1] ?? this.query.get('X-Amz-Credential');
    const [accessKeyId, , region, service] = scope?.split('/') ?? [];
    if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
    return { accessKeyId, region, service };
  }
}

function headersOf(message: IncomingMessage): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(message.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  return headers;
}

const isAwsChunked = (headers: ReadonlyMap<string, string>): boolean =>
  headers.get('x-amz-content-sha256')?.startsWith('STREAMING-') === true ||
  /\baws-chunked\b/.test(headers.get('content-encoding') ?? '');

/** Leaves the headers that the body has without its coding: S3 stores and answers those. */
function withoutAwsChunked(headers: Map<string, string>): void {
  const codings = (headers.get('content-encoding') ?? '').split(',').map((coding) => coding.trim());
  const others = codings.filter((coding) => coding !== '' && coding !== 'aws-chunked');
  if (others.length > 0) headers.set('content-encoding', others.join(','));
  else headers.delete('content-encoding');
  const decoded = headers.get('x-amz-decoded-content-length');
  if (decoded !== undefined) headers.set('content-length', decoded);
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
