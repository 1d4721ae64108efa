import type { Environment } from '../process/environment.ts';
import { reasonOf } from '../process/job-error.ts';
import type { Answer, Delivery, Destination, DestinationKind, Parcel } from './destination.ts';
import { answerOf } from './http-answer.ts';
import { arrayBody, linesBody } from './http-body.ts';
import { HttpPoster } from './http-exchange.ts';

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
      'x-feed-type': delivery.feedType,
      ...(settings.authorization !== undefined && Object.fromEntries([settings.authorization])),
    };
  }

  async send(parcel: Parcel): Promise<Answer> {
    try {
      const { format, timeout } = this.#settings;
      const reply = await this.#poster.post({
        headers: { ...this.#headers, 'idempotency-key': parcel.key },
        body: format === 'json' ? arrayBody(parcel.bytes) : linesBody(parcel.bytes),
        timeout,
        abort: this.#delivery.abort,
      });
      return answerOf({ ...reply, body: this.#discreet(reply.body) }, parcel.records);
    } catch (error) {
      if (this.#delivery.abort.aborted) throw error;
      return { kind: 'busy', cause: causeOf(error), reason: this.#discreet(reasonOf(error)) };
    }
  }

  /** A service may repeat in its answer what it was sent. */
  #discreet(text: string): string {
    const { secret } = this.#settings;
    return secret === undefined ? text : text.replaceAll(secret, '***');
  }
}

const brokenOff: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/** `timeout`, `reset`, or the code of the network's error: `ECONNREFUSED`. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError') return 'timeout';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code !== undefined) return brokenOff.has(code) ? 'reset' : code;
  return error.cause === undefined ? 'network' : causeOf(error.cause);
}
