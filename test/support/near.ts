/**
 * Imported before a group of tests: what an SDK client sends to an embedded AWS of its own process is handed over there,
 * and not through a socket, which is a third of what a call costs. Everything else about the call is as it is: it is
 * serialised, signed, dispatched, read. Not for test/local-aws, which tries what comes through sockets; processes that
 * tests start know nothing of this either.
 */
import { Server as HttpServer } from 'node:http';
import { Server } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';

type Handle = typeof NodeHttpHandler.prototype.handle;
type Request = Parameters<Handle>[0];
type Answer = Awaited<ReturnType<Handle>>;
type Headers = Readonly<Record<string, unknown>>;

const lowered = (headers: Headers): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

const connectionReset = (message: string): Error =>
  Object.assign(new Error(message), { name: 'TimeoutError', code: 'ECONNRESET' });

/** As the server reads it from a connection. */
class NearRequest extends PassThrough {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether all of it has come. */
  complete = false;

  constructor({ method, path, query, headers, body }: Request, failed: (error: Error) => void) {
    super();
    this.method = method;
    const parameters = Object.entries(query ?? {}).flatMap(([name, value]) => {
      const values = Array.isArray(value) ? value : [value ?? ''];
      return values.map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`);
    });
    this.url = parameters.length === 0 ? path : `${path}?${parameters.join('&')}`;
    this.headers = lowered(headers);
    this.once('finish', () => {
      this.complete = true;
    });
    if (body instanceof Readable) body.once('error', failed).pipe(this);
    else this.end(body);
  }
}

/** As the server writes it, and as the client reads it. */
class NearReply extends PassThrough {
  readonly #answered: (answer: Answer) => void;
  readonly #failed: (error: Error) => void;

  constructor(answered: (answer: Answer) => void, failed: (error: Error) => void) {
    super();
    this.#answered = answered;
    this.#failed = failed;
  }

  writeHead(statusCode: number, headers: Headers): this {
    this.#answered({ response: { statusCode, headers: lowered(headers), body: this } });
    return this;
  }

  /** The client is told that it will not get what it has not got, if it still listens. */
  override destroy(error?: Error): this {
    this.#failed(connectionReset('socket hang up'));
    const isHeard = !this.readableEnded && this.listenerCount('error') > 0;
    return super.destroy(error ?? (isHeard ? connectionReset('aborted') : undefined));
  }
}

const servers = new Map<number, { readonly server: Server; readonly waiting: Set<NearReply> }>();

/** Nothing but an embedded AWS waits without end for whole requests and on kept connections. */
const isEmbeddedAws = (server: Server): boolean =>
  server instanceof HttpServer && server.requestTimeout === 0 && server.keepAliveTimeout === 0;

function meet(server: Server): void {
  const address = server.address();
  if (!isEmbeddedAws(server) || !(address instanceof Object)) return;
  const waiting = new Set<NearReply>();
  servers.set(address.port, { server, waiting });
  server.once('close', () => {
    servers.delete(address.port);
    for (const reply of waiting) reply.destroy();
  });
}

const { listen } = Server.prototype;
Server.prototype.listen = function (this: Server, ...given: readonly unknown[]) {
  this.once('listening', () => meet(this));
  return Reflect.apply(listen, this, given);
};

const { handle } = NodeHttpHandler.prototype;
NodeHttpHandler.prototype.handle = function (this: NodeHttpHandler, request, options) {
  const near = request.hostname === '127.0.0.1' ? servers.get(request.port ?? 0) : undefined;
  if (near === undefined || options?.abortSignal !== undefined) return handle.call(this, request, options);
  return new Promise((resolve, reject) => {
    const settled = (): boolean => near.waiting.delete(reply);
    const reply = new NearReply(
      (answer) => {
        if (settled()) resolve(answer);
      },
      (error) => {
        if (settled()) reject(error);
      },
    );
    near.waiting.add(reply);
    const message = new NearRequest(request, (error) => reply.destroy(error));
    // As late as something from a socket: what waits for its turn meanwhile gets it.
    setImmediate(() => near.server.emit('request', message, reply));
  });
};
