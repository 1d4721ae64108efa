import { discretionAbout } from '../../process/discretion.ts';
import type { Environment } from '../../process/environment.ts';
import { JobError, reasonOf } from '../../process/job-error.ts';
import { UntrustedServer } from '../../process/untrusted-server.ts';
import type { Answer, Body, Delivery, Destination, DestinationKind, Parcel, Totals } from './destination.ts';
import { answerOf } from './http-answer.ts';
import { arrayBody, bytesBody } from './http-body.ts';
import { HttpPoster } from './http-exchange.ts';

interface HttpSettings {
  readonly url: URL;
  readonly format: 'ndjson' | 'json';
  /** The name and the value of the header that says who sends. */
  readonly authorization: readonly [name: string, value: string] | undefined;
  /** Takes out of a text what no reason may tell. */
  readonly discreet: (text: string) => string;
  /** Milliseconds for one request with its whole answer. */
  readonly timeout: number;
  /** Whether the service is told that a delivery has come to its end. */
  readonly tellsEnd: boolean;
}

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * A service that takes batches by POST, as NDJSON or, with DESTINATION_FORMAT=json, as one JSON array. The header
 * Idempotency-Key makes a repetition harmless, those that begin with X-Feed- say what comes. With DESTINATION_END the last
 * request of a delivery has no records and tells that they were all. DESTINATION_TOKEN, a secret, goes out as
 * `Authorization: Bearer …`, or alone in the header that DESTINATION_HEADER names. DESTINATION_TIMEOUT: seconds (60).
 */
export const httpDestination: DestinationKind = (environment, url) => {
  const settings = readHttpSettings(environment, url);
  return (delivery) => new HttpDestination(settings, delivery);
};

function readHttpSettings(environment: Environment, url: URL): HttpSettings {
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
    discreet: discretionAbout(secret, url),
    format: environment.choice('DESTINATION_FORMAT', ['ndjson', 'json']),
    tellsEnd: environment.flag('DESTINATION_END', false),
    timeout: environment.count('DESTINATION_TIMEOUT', 60, 1, 3_600) * 1_000,
    authorization: secret === undefined ? undefined : authorizationOf(secret, header),
  };
}

const authorizationOf = (secret: string, header: string | undefined): readonly [string, string] =>
  header === undefined ? ['authorization', `Bearer ${secret}`] : [header, secret];

class HttpDestination implements Destination {
  readonly #settings: HttpSettings;
  readonly #delivery: Delivery;
  readonly #poster: HttpPoster;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(settings: HttpSettings, delivery: Delivery) {
    this.#settings = settings;
    this.#delivery = delivery;
    this.#poster = new HttpPoster(settings.url);
    this.#headers = {
      'content-type': settings.format === 'json' ? 'application/json' : 'application/x-ndjson',
      ...headersOf(delivery),
      ...(settings.authorization !== undefined && Object.fromEntries([settings.authorization])),
    };
  }

  async send({ key, body, records, batch }: Parcel): Promise<Answer> {
    const headers = { 'idempotency-key': key, 'x-feed-batch': String(batch) };
    return await this.#post(headers, this.#settings.format === 'json' ? arrayBody(body) : body, records);
  }

  async finish(totals: Totals): Promise<Answer> {
    if (!this.#settings.tellsEnd) return { kind: 'accepted', refused: [] };
    const key = { 'idempotency-key': `${this.#delivery.id}-end`, 'x-feed-end': 'true' };
    const headers = { ...key, 'content-type': 'application/json' };
    return await this.#post(headers, bytesBody(Buffer.from(JSON.stringify(totals))), 0);
  }

  async #post(headers: Readonly<Record<string, string>>, body: Body, records: number): Promise<Answer> {
    try {
      const { timeout, discreet } = this.#settings;
      const { abort } = this.#delivery;
      const reply = await this.#poster.post({ headers: { ...this.#headers, ...headers }, body, timeout, abort });
      return answerOf(reply, records, discreet);
    } catch (error) {
      if (this.#delivery.abort.aborted) throw error;
      // Of the body, and no answer.
      if (error instanceof JobError) throw error;
      if (error instanceof UntrustedServer) return { kind: 'hopeless', reason: error.message };
      return { kind: 'busy', cause: causeOf(error), reason: this.#settings.discreet(reasonOf(error)) };
    }
  }
}

/** What of a delivery is the same for all its requests. A message that was made by hand does not tell all of it. */
const headersOf = ({ feedType, kind, snapshot, sequence, records, part }: Delivery): Record<string, string> => ({
  'x-feed-type': feedType,
  'x-feed-delivery': kind,
  'x-feed-snapshot': snapshot,
  ...(sequence !== undefined && { 'x-feed-sequence': String(sequence) }),
  ...(records !== undefined && { 'x-feed-records': String(records) }),
  ...(part !== undefined && { 'x-feed-part': `${part.index}/${part.of}` }),
});

const brokenOff: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/** `timeout`, `reset`, or the code of the network's error: `ECONNREFUSED`. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError') return 'timeout';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code !== undefined) return brokenOff.has(code) ? 'reset' : code;
  return error.cause === undefined ? 'network' : causeOf(error.cause);
}
