import {
  type ClientRequest,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import { closed, listening } from '../../scripts/local/loopback.ts';

export interface Handed {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The ways in which a request is carried out. */
export interface Carriage {
  whole(): Promise<Handed>;
  /** Its first half, or that of its answer; gives what breaks it off. */
  half(): Promise<() => void>;
}

/** Says what becomes of a request: its answer, or `undefined` where none is to arrive. */
interface GateKeeper {
  pass(request: IncomingMessage, carriage: Carriage): Promise<Handed | undefined>;
}

export interface Gate extends AsyncDisposable {
  readonly url: string;
  /** Of the job that runs now. */
  keeper: GateKeeper;
}

/** A server on 127.0.0.1 that hands every request on, if its keeper lets it. */
export async function startGate(target: string, keeper: GateKeeper): Promise<Gate> {
  const server = createServer((incoming, response) => {
    const pass = async (): Promise<void> => {
      const answer = await gate.keeper.pass(incoming, {
        whole: async () => await handOn(target, incoming, await buffer(incoming)),
        half: async () =>
          Number(incoming.headers['content-length'] ?? 0) > 0
            ? await handOnHalf(target, incoming)
            : await replyHalf(target, incoming, response),
      });
      if (answer === undefined) response.destroy();
      else reply(response, answer);
    };
    pass().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  const gate: Gate = {
    url: await listening(server, 0),
    keeper,
    [Symbol.asyncDispose]: () => closed(server),
  };
  return gate;
}

const requestTo = (target: string, { method, url, headers }: IncomingMessage): ClientRequest =>
  request(new URL(url ?? '/', target), { method, headers, agent: false });

function handOn(target: string, incoming: IncomingMessage, body: Buffer): Promise<Handed> {
  return new Promise((resolve, reject) => {
    const outgoing = requestTo(target, incoming);
    outgoing.on('response', (answer) => {
      buffer(answer).then((text) => {
        resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: text });
      }, reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** The rest is not read either, so that whoever sends it stays in the middle of it. */
async function handOnHalf(target: string, incoming: IncomingMessage): Promise<() => void> {
  const half = Number(incoming.headers['content-length']) / 2;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= half) break;
  }
  const outgoing = requestTo(target, incoming);
  await new Promise<void>((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.write(Buffer.concat(chunks), () => resolve());
  });
  return () => outgoing.destroy();
}

async function replyHalf(target: string, incoming: IncomingMessage, response: ServerResponse): Promise<() => void> {
  const answer = await handOn(target, incoming, Buffer.alloc(0));
  begin(response, answer).write(answer.body.subarray(0, answer.body.length / 2));
  return () => response.destroy();
}

const reply = (response: ServerResponse, answer: Handed): void => void begin(response, answer).end(answer.body);

function begin(response: ServerResponse, { status, headers, body }: Handed): ServerResponse {
  const { 'transfer-encoding': _, connection: __, ...rest } = headers;
  return response.writeHead(status, { ...rest, 'content-length': body.length });
}
