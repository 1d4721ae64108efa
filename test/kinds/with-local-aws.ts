import { type Aws, awsClients } from '../../scripts/aws/clients.ts';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { account } from './contract.ts';

const region = 'eu-central-1';

/** An empty embedded AWS and clients of owner `baton/test`, for one test. */
export async function withLocalAws(run: (aws: Aws) => Promise<void>): Promise<void> {
  await using local = await startLocalAws({ account, region });
  const credentials = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'secret' };
  const aws = awsClients({ region, owner: 'baton/test', endpoint: local.endpoint, credentials });
  try {
    await run(aws);
  } finally {
    aws.close();
  }
}
