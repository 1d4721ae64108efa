import type { TestContext } from 'node:test';
import { Batch } from '@aws-sdk/client-batch';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { openEnvironment } from '../../scripts/control/environment.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { configFolder } from '../support/reconcile-command.ts';
import { type Done, runHere, variables } from '../support/run-here.ts';

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
  variables(t, { AWS_ENDPOINT_URL: endpoint });
  t.after(async () => {
    for (const client of Object.values(clients)) client.destroy();
    await close();
  });
  const flags = { environment: 'local', config: folder, var: {} };
  const run = (command: () => Promise<void>): Promise<Done> => runHere(t, command);
  const settle = async (): Promise<void> => {
    const environment = await openEnvironment({ directory: flags.config, environment: 'local', endpoint });
    await environment.apply(await environment.plan(), () => {});
    environment.close();
  };
  return { ...clients, endpoint, world, flags, folder, run, settle };
}
