/**
 * Stands where AWS's own runtime stands: loads the handler once, then asks the Runtime API for one invocation after the
 * other (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html). Plain JavaScript: a cold start waits for it.
 */
import { existsSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { AWS_LAMBDA_RUNTIME_API: api, LAMBDA_TASK_ROOT: root = '.', _HANDLER = '', ...environment } = process.env;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/**
 * @param {'GET' | 'POST'} method
 * @param {string} path
 * @param {string} [content]
 * @returns {Promise<{ headers: import('node:http').IncomingHttpHeaders, body: string }>}
 */
const call = (method, path, content = '') =>
  new Promise((resolve, reject) => {
    const options = { method, agent, headers: { 'content-length': Buffer.byteLength(content) } };
    const sent = request(`http://${api}/2018-06-01/runtime/${path}`, options, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(parts).toString() }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(content);
  });

/** Handlers may put something of their own in the place of `process.stdout.write`. */
const write = process.stdout.write.bind(process.stdout);

/** Says in the output, after all that the invocation wrote, that it is over, and whether the process goes with it. */
const markEnd = (ending) => write(`\n\u0001${ending} ${Math.ceil(process.resourceUsage().maxRSS / 1024)}\n`);

const failureOf = (error, type = error?.name ?? 'Error') => ({
  errorType: type,
  errorMessage: error instanceof Error ? error.message : String(error),
  trace: error instanceof Error ? String(error.stack).split('\n') : [],
});

class LoadError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

async function loadHandler() {
  const [, folderAndModule = '', name = ''] = /^(.*)\.([^.]+)$/.exec(_HANDLER) ?? [];
  const file = ['.mjs', '.js', '.cjs'].map((end) => join(root, folderAndModule + end)).find((path) => existsSync(path));
  if (file === undefined)
    throw new LoadError('Runtime.ImportModuleError', `Error: Cannot find module '${folderAndModule}'`);
  const loaded = await import(pathToFileURL(file).href);
  const found = loaded[name] ?? loaded.default?.[name];
  if (typeof found !== 'function')
    throw new LoadError('Runtime.HandlerNotFound', `${_HANDLER} is undefined or not exported`);
  return found;
}

function contextOf(headers, id) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: id,
    callbackWaitsForEmptyEventLoop: true,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
  };
}

let current = '';

async function fail(error, ending, type) {
  const { trace, ...rest } = failureOf(error, type);
  console.error(`Invoke Error \t${JSON.stringify({ ...rest, stack: trace })}`);
  markEnd(ending);
  const path = current === '' ? 'init/error' : `invocation/${current}/error`;
  await call('POST', path, JSON.stringify({ ...rest, trace }));
}

const die = (type) => async (error) => {
  await fail(error, 'last', type);
  process.exit(1);
};
process.on('uncaughtException', die());
process.on('unhandledRejection', die('Runtime.UnhandledPromiseRejection'));

async function serve(handler) {
  const next = await call('GET', 'invocation/next');
  current = String(next.headers['lambda-runtime-aws-request-id']);
  try {
    const result = await handler(JSON.parse(next.body), contextOf(next.headers, current));
    // What JSON cannot say, a function or nothing at all, is null.
    const text = JSON.stringify(result) ?? 'null';
    markEnd('end');
    await call('POST', `invocation/${current}/response`, text);
  } catch (error) {
    await fail(error, 'end');
  }
}

try {
  const handler = await loadHandler();
  for (;;) await serve(handler);
} catch (error) {
  await die()(error);
}
