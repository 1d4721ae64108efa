import type { TestContext } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { Batch } from '@aws-sdk/client-batch';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { openEnvironment } from '../../scripts/control/environment.ts';
import { failureText } from '../../scripts/control/failure.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { configFolder } from '../support/reconcile-command.ts';

/** What a command printed before it ended, and what the entry point would print of its error. */
interface Done {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Makes the embedded AWS the one that the shell names. */
function named(t: TestContext, endpoint: string): void {
  const before = process.env['AWS_ENDPOINT_URL'];
  process.env['AWS_ENDPOINT_URL'] = endpoint;
  t.after(() => {
    if (before === undefined) delete process.env['AWS_ENDPOINT_URL'];
    else process.env['AWS_ENDPOINT_URL'] = before;
  });
}

/** What is printed from now on, instead of to where the tests are told about. */
function printedFrom(t: TestContext) {
  const text = { out: '', err: '' };
  const write = process.stdout.write.bind(process.stdout);
  const mocks = [
    t.mock.method(console, 'log', (line: string) => {
      text.out += `${line}\n`;
    }),
    t.mock.method(console, 'error', (line: string) => {
      text.err += `${line}\n`;
    }),
    // The runner's own reports pass: they are bytes.
    t.mock.method(process.stdout, 'write', (chunk: string | Uint8Array) => {
      if (typeof chunk !== 'string') return write(chunk);
      text.out += chunk;
      return true;
    }),
    t.mock.method(process.stderr, 'write', (chunk: string) => {
      text.err += chunk;
      return true;
    }),
  ];
  const end = () => {
    for (const { mock } of mocks) mock.restore();
    return { out: stripVTControlCharacters(text.out), err: stripVTControlCharacters(text.err) };
  };
  return { end };
}

/**
 * Commands in this process, since one of its own takes each a second: with a config of a queue and a bucket, the embedded
 * AWS, and somebody else's clients of it.
 */
export async function commandsWorld(t: TestContext, folder = configFolder(t)) {
  const { endpoint, world, close } = await startLocalAws({ region: 'eu-central-1' });
  const settings = {
    ...{ endpoint, region: 'eu-central-1', forcePathStyle: true },
    credentials: { accessKeyId: 'person', secretAccessKey: 'person' },
  };
  const clients = { batch: new Batch(settings), s3: new S3(settings), sns: new SNS(settings) };
  named(t, endpoint);
  t.after(async () => {
    for (const client of Object.values(clients)) client.destroy();
    await close();
  });
  const flags = { environment: 'local', config: folder, var: {} };
  const run = async (command: () => Promise<void>): Promise<Done> => {
    const printed = printedFrom(t);
    const error = await command().then(
      () => '',
      (error: unknown) => failureText(error),
    );
    const { out, err } = printed.end();
    const code = Number(process.exitCode ?? (error === '' ? 0 : 1));
    process.exitCode = undefined;
    return { code, out, err: `${error}${err}` };
  };
  const settle = async (): Promise<void> => {
    const environment = await openEnvironment({ directory: flags.config, environment: 'local', endpoint });
    await environment.apply(await environment.plan(), () => {});
    environment.close();
  };
  return { ...clients, endpoint, world, flags, folder, run, settle };
}
