import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Principal } from '../world.ts';
import { type Around, type ServedCall, through } from './around.ts';
import { type Call, findCall, findService, ServiceLoader, type Services } from './dispatch.ts';
import { AwsError } from './errors.ts';
import { failureOf, refusal } from './failure.ts';
import type { Context, Service, WireResponse } from './model.ts';
import { protocols } from './protocols.ts';
import { WireRequest } from './request.ts';
import { discard, send } from './response.ts';
import { isRecord } from './traits.ts';
import { validate } from './validate.ts';

export interface ServerOptions {
  /** Of anonymous requests; signed ones name theirs. */
  readonly region?: string;
  readonly principalOf?: (accessKeyId: string | undefined) => Principal;
  /** Asked before each call, once its input is known to be of its operation's shape; throws AwsError to refuse it. */
  readonly authorize?: (service: string, operation: string, input: unknown, context: Context) => void;
  /** What comes between a call and its answer, the outermost first; all of it around asking and answering. */
  readonly around?: readonly Around[];
  /** Listeners for paths that are not AWS's, by prefix; asked before any service. */
  readonly routes?: ReadonlyMap<string, RequestListener>;
}

/** A server, not yet listening, that speaks AWS's protocols for the given services. */
export function awsServer(services: Services, options: ServerOptions = {}): Server {
  const loader = new ServiceLoader(services);
  const server = createServer((message, reply) => {
    const listener = routeFor(options.routes, message.url ?? '/');
    if (listener !== undefined) listener(message, reply);
    else void serve(loader, options, message, reply);
  });
  // Uploads may take their time, and a kept connection that closes just as a client reuses it would cost a request.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  return server;
}

/** A prefix ends where a segment of the path does: `/runtime` is not a prefix of the bucket `/runtime-logs`. */
function routeFor(routes: ServerOptions['routes'], url: string): RequestListener | undefined {
  for (const [prefix, listener] of routes ?? [])
    if (url.startsWith(prefix) && (prefix.endsWith('/') || /^(?:[/?]|$)/.test(url.slice(prefix.length))))
      return listener;
  return undefined;
}

async function serve(
  loader: ServiceLoader,
  options: ServerOptions,
  message: IncomingMessage,
  reply: ServerResponse,
): Promise<void> {
  const request = new WireRequest(message);
  const requestId = randomUUID();
  const response = await answer(loader, options, request, requestId);
  if (response === undefined) return;
  const headers = new Map([...response.headers, ['x-amzn-requestid', requestId], ['x-amz-request-id', requestId]]);
  await send(request, { ...response, headers }, reply);
  // What the handler left unread would block the connection's next request.
  message.resume();
}

/** `undefined` when the caller went away before its request was whole: nobody is there to answer, and nothing went wrong. */
async function answer(
  loader: ServiceLoader,
  options: ServerOptions,
  request: WireRequest,
  requestId: string,
): Promise<WireResponse | undefined> {
  try {
    const service = await findService(loader, request);
    const response = await call(service, options, request, requestId);
    if (!request.aborted) return response;
    if (response !== undefined) discard(response);
    return undefined;
  } catch (error) {
    return request.aborted ? undefined : refusal(request, error);
  }
}

async function call(
  service: Service,
  options: ServerOptions,
  request: WireRequest,
  requestId: string,
): Promise<WireResponse | undefined> {
  const protocol = protocols[service.protocol];
  const found = await findCall(service, request);
  try {
    const { operation, handler } = implemented(service, found);
    const input = await protocol.read(operation, request, found.labels);
    validate(service, operation.input, input);
    const asked: ServedCall = {
      service: service.signingName,
      operation: operation.name,
      input,
      context: contextOf(options, request, requestId),
    };
    const output = await through(options.around ?? [], asked, async (passed) => {
      options.authorize?.(passed.service, passed.operation, passed.input, passed.context);
      return handler(passed.input, passed.context);
    });
    return protocol.write(service, operation, isRecord(output) ? output : {}, requestId);
  } catch (error) {
    return request.aborted ? undefined : protocol.fail(service, failureOf(service, found.name, error), requestId);
  }
}

function implemented(service: Service, { name, operation }: Call) {
  if (operation?.handler !== undefined) return { operation, handler: operation.handler };
  throw new AwsError('NotImplemented', `${service.signingName}:${name} is not implemented by the embedded AWS`, 501);
}

function contextOf(options: ServerOptions, request: WireRequest, requestId: string): Context {
  const { credential } = request;
  return {
    requestId,
    trailers: request.trailers,
    region: credential?.region ?? options.region ?? 'us-east-1',
    principal: options.principalOf?.(credential?.accessKeyId) ?? { type: 'account' },
    ...(credential === undefined ? {} : { accessKeyId: credential.accessKeyId }),
  };
}
