import { Batch } from '@aws-sdk/client-batch';

const b = new Batch({ endpoint: 'http://127.0.0.1:9477', region: 'eu-central-1' });
console.log(
  (
    await b.submitJob({
      jobName: 'dependent',
      jobQueue: 'shop-main',
      jobDefinition: 'shop-once',
      dependsOn: [{ jobId: process.argv[2] ?? '' }],
    })
  ).jobId,
);
