import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { World } from '../../world.ts';

const prefix = '/_local/lambda/';

/** One execution environment, as its process sees it. */
interface RuntimeClient {
  /** The process is ready for an invocation; `answer` gives it one, at any later time. */
  next(answer: (invocation: NextInvocation) => void): void;
  succeeded(requestId: string, payload: string): void;
  failed(requestId: string, payload: string): void;
  initFailed(payload: string): void;
}

export interface NextInvocation {
  readonly requestId: string;
  readonly payload: string;
  readonly functionArn: string;
  /** Milliseconds of the machine's own clock, which is the one that the process reads. */
  readonly deadline: number;
}

export interface RuntimeApi {
  /** Returns the `AWS_LAMBDA_RUNTIME_API` of one environment and how to take it back. */
  open(client: RuntimeClient): { readonly address: string; close(): void };
}

/** Serves https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html, for each environment below a secret path. */
export function serveRuntimeApi(world: World): RuntimeApi {
  const clients = new Map<string, RuntimeClient>();
  world.routes.set(prefix, (request, response) => {
    const [, token = '', rest = ''] =
      /^([^/]+)\/2018-06-01\/runtime\/(.+)$/.exec(request.url?.slice(prefix.length) ?? '') ?? [];
    const client = clients.get(token);
    if (client === undefined) return respond(response, 403, {});
    if (rest === 'invocation/next') return client.next((invocation) => handOut(response, invocation));
    receive(request, (body) => {
      const isKnown = report(client, rest, body);
      respond(response, isKnown ? 202 : 404, isKnown ? { status: 'OK' } : { errorType: 'Runtime.UnknownPath' });
    });
  });
  return {
    open(client) {
      const token = randomUUID();
      clients.set(token, client);
      const address = `${new URL(world.endpoint()).host}${prefix}${token}`;
      return { address, close: () => clients.delete(token) };
    },
  };
}

/** Whether there is such a thing to report. */
function report(client: RuntimeClient, path: string, body: string): boolean {
  if (path === 'init/error') {
    client.initFailed(body);
    return true;
  }
  const [, requestId = '', what] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
  if (what === undefined) return false;
  if (what === 'response') client.succeeded(requestId, body);
  else client.failed(requestId, body);
  return true;
}

function handOut(response: ServerResponse, { requestId, payload, functionArn, deadline }: NextInvocation): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'lambda-runtime-aws-request-id': requestId,
    'lambda-runtime-deadline-ms': deadline,
    'lambda-runtime-invoked-function-arn': functionArn,
  });
  response.end(payload);
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A process that dies half-way through its report has not reported. */
function receive(request: IncomingMessage, take: (body: string) => void): void {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => take(Buffer.concat(parts).toString()));
}
