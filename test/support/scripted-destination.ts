import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { closed, listening } from '../../scripts/local/loopback.ts';

/** A batch that was posted, at whichever attempt. */
export interface Posted {
  readonly key: string;
  readonly headers: IncomingHttpHeaders;
  readonly lines: readonly string[];
  /** How often this key has come, from 1 on. */
  readonly attempt: number;
}

/**
 * What the destination does with a batch: take it, take all but some lines, answer something else, break the line, also in
 * the middle of its answer, or say nothing for ever.
 */
export type Reaction =
  | { readonly does: 'take' }
  | { readonly does: 'take and break' }
  | { readonly does: 'take and answer half' }
  | { readonly does: 'say nothing' }
  | { readonly does: 'break' }
  | { readonly does: 'refuse lines'; readonly rejected: readonly { readonly index: number; readonly reason: string }[] }
  | {
      readonly does: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    };

/** A destination that misbehaves as told, and still stores each batch once. */
export interface ScriptedDestination extends AsyncDisposable {
  readonly url: string;
  readonly posted: readonly Posted[];
  /** Keys of requests that broke off before all of them had come; nothing of those was taken. */
  readonly cut: readonly string[];
  /** The highest number of requests that were under way at once. */
  readonly peak: number;
  /** What it was told of ends of deliveries. It believes them. */
  readonly ends: readonly { readonly key: string; readonly totals: unknown }[];
  /** The lines that were taken, each batch under its key. */
  taken(): string[];
}

export async function startScriptedDestination(
  react: (batch: Posted) => Reaction | Promise<Reaction>,
): Promise<ScriptedDestination> {
  const posted: Posted[] = [];
  const cut: string[] = [];
  const ends: { readonly key: string; readonly totals: unknown }[] = [];
  const batches = new Map<string, readonly string[]>();
  let underWay = 0;
  let peak = 0;
  const take = ({ key, lines }: Posted, but: ReadonlySet<number> = new Set()): void => {
    if (!batches.has(key))
      batches.set(
        key,
        lines.filter((_, index) => !but.has(index)),
      );
  };
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      peak = Math.max(peak, ++underWay);
      const key = String(request.headers['idempotency-key']);
      const body = await text(request).catch((error: unknown) => {
        underWay--;
        cut.push(key);
        throw error;
      });
      if (request.headers['x-feed-end'] === 'true') {
        underWay--;
        ends.push({ key, totals: JSON.parse(body) });
        return show(response, { does: 'take' });
      }
      const lines = linesOf(request.headers, body);
      const attempt = posted.filter((other) => other.key === key).length + 1;
      const batch = { key, headers: request.headers, lines, attempt };
      posted.push(batch);
      const reaction = await react(batch);
      if (reaction.does.startsWith('take')) take(batch);
      if (reaction.does === 'refuse lines') take(batch, new Set(reaction.rejected.map(({ index }) => index)));
      underWay--;
      show(response, reaction);
    };
    answer().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  return {
    url: `${await listening(server, 0)}/in`,
    posted,
    cut,
    ends,
    get peak() {
      return peak;
    },
    taken: () => [...batches.values()].flat(),
    [Symbol.asyncDispose]: () => closed(server),
  };
}

/** The records of a body as lines, whatever its form. */
function linesOf(headers: IncomingHttpHeaders, body: string): readonly string[] {
  if (headers['content-type'] !== 'application/json') return body.split('\n').filter((line) => line !== '');
  const records: unknown = JSON.parse(body);
  if (!Array.isArray(records)) throw new Error(`not an array: ${body}`);
  return records.map((record) => JSON.stringify(record));
}

function show(response: ServerResponse, reaction: Reaction): void {
  switch (reaction.does) {
    case 'take':
      response.writeHead(202).end();
      return;
    case 'refuse lines':
      response.writeHead(207).end(JSON.stringify({ rejected: reaction.rejected }));
      return;
    case 'answer':
      response.writeHead(reaction.status, reaction.headers).end(reaction.body);
      return;
    case 'take and answer half':
      response.writeHead(200, { 'content-length': 100 }).write('{"accepted":', () => response.destroy());
      return;
    case 'say nothing':
      return;
    case 'take and break':
    case 'break':
      response.destroy();
      return;
    default:
      reaction satisfies never;
  }
}
