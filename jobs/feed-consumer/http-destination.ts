import type { Environment } from '../process/environment.ts';
import { reasonOf } from '../process/job-error.ts';
import type { Answer, Delivery, Destination, DestinationKind, Parcel } from './destination.ts';
import { answerOf, type HttpReply } from './http-answer.ts';

interface HttpSettings {
  readonly url: URL;
  readonly format: 'ndjson' | 'json';
  /** The name and the value of the header that says who sends. */
  readonly authorization: readonly [name: string, value: string] | undefined;
  /** What no reason may tell. */
  readonly secret: string | undefined;
  /** Milliseconds for one request with its whole answer. */
  readonly timeout: number;
}

/** Bytes of an answer that are read: ten thousand refusals with their reasons. */
const longestAnswer = 4 * 1024 * 1024;
const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * A service that takes batches by POST, as NDJSON or, with DESTINATION_FORMAT=json, as one JSON array. The header
 * Idempotency-Key makes a repetition harmless, X-Feed-Type says what comes. DESTINATION_TOKEN, a secret, goes out as
 * `Authorization: Bearer …`, or alone in the header that DESTINATION_HEADER names. DESTINATION_TIMEOUT: seconds (60).
 */
export const httpDestination: DestinationKind = (environment, url) => {
  const settings = readHttpSettings(environment, url);
  return (delivery) => new HttpDestination(settings, delivery);
};

function readHttpSettings(environment: Environment, url: URL): HttpSettings {
  // fetch refuses such an address and tells the password in its error.
  if (url.username !== '' || url.password !== '')
    environment.refuse('DESTINATION_URL', 'must hold no user and no password; DESTINATION_TOKEN is for them');
  // What a header cannot hold would be told by the error.
  const secret = environment.secret('DESTINATION_TOKEN', /^[\x21-\x7e]+( [\x21-\x7e]+)*$/);
  if (secret !== undefined && url.protocol !== 'https:' && !loopback.has(url.hostname))
    environment.refuse('DESTINATION_TOKEN', `would go to ${url.host} without encryption; use an https address`);
  const header = environment.optionalText('DESTINATION_HEADER', /^[A-Za-z0-9-]+$/);
  if (header !== undefined && secret === undefined)
    environment.refuse('DESTINATION_HEADER', 'is for a token, and DESTINATION_TOKEN is missing');
  return {
    url,
    secret,
    format: environment.choice('DESTINATION_FORMAT', ['ndjson', 'json']),
    timeout: environment.count('DESTINATION_TIMEOUT', 60, 1, 3_600) * 1_000,
    authorization:
      secret === undefined
        ? undefined
        : header === undefined
          ? ['authorization', `Bearer ${secret}`]
          : [header, secret],
  };
}

class HttpDestination implements Destination {
  readonly #settings: HttpSettings;
  readonly #delivery: Delivery;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(settings: HttpSettings, delivery: Delivery) {
    this.#settings = settings;
    this.#delivery = delivery;
    this.#headers = {
      'content-type': settings.format === 'json' ? 'application/json' : 'application/x-ndjson',
      'x-feed-type': delivery.feedType,
      ...(settings.authorization !== undefined && Object.fromEntries([settings.authorization])),
    };
  }

  async send(parcel: Parcel): Promise<Answer> {
    try {
      const reply = await this.#post(parcel);
      return answerOf({ ...reply, body: this.#discreet(reply.body) }, parcel.records);
    } catch (error) {
      if (this.#delivery.abort.aborted) throw error;
      return { kind: 'busy', cause: causeOf(error), reason: this.#discreet(reasonOf(error)) };
    }
  }

  /** One request with its whole answer, cut off by the time-out and by `abort`. */
  async #post({ key, bytes }: Parcel): Promise<HttpReply> {
    const { url, format, timeout } = this.#settings;
    const { abort } = this.#delivery;
    // Not AbortSignal.any: up to Node 22 each of its signals lives as long as the longest of those it follows.
    const cut = new AbortController();
    const onAbort = (): void => cut.abort(abort.reason);
    const timer = setTimeout(
      () => cut.abort(new DOMException(`no whole answer within ${timeout / 1_000} s`, 'TimeoutError')),
      timeout,
    );
    abort.addEventListener('abort', onAbort, { once: true });
    if (abort.aborted) onAbort();
    try {
      const headers = { ...this.#headers, 'idempotency-key': key };
      const body = format === 'json' ? jsonArray(bytes) : bytes;
      const response = await fetch(url, { method: 'POST', redirect: 'manual', signal: cut.signal, headers, body });
      const { status } = response;
      return { status, retryAfter: response.headers.get('retry-after'), body: await beginningOf(response) };
    } finally {
      clearTimeout(timer);
      abort.removeEventListener('abort', onAbort);
    }
  }

  /** A service may repeat in its answer what it was sent. */
  #discreet(text: string): string {
    const { secret } = this.#settings;
    return secret === undefined ? text : text.replaceAll(secret, '***');
  }
}

/** JSON has no newline but those between the lines, so that they can become the commas. */
function jsonArray(ndjson: Uint8Array): Uint8Array {
  const array = Buffer.allocUnsafe(ndjson.length + 1);
  array.set(ndjson, 1);
  array[0] = 0x5b;
  for (let at = array.indexOf(0x0a); at >= 0; at = array.indexOf(0x0a, at + 1)) array[at] = 0x2c;
  // In the place of the last comma.
  array[array.length - 1] = 0x5d;
  return array;
}

/** Throws when the answer breaks off. */
async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= longestAnswer) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

const brokenOff: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** `timeout`, `reset`, or the code of the network's error: `ECONNREFUSED`. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError') return 'timeout';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code !== undefined) return brokenOff.has(code) ? 'reset' : code;
  return error.cause === undefined ? 'network' : causeOf(error.cause);
}
