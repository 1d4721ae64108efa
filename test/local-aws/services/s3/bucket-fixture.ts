import type { TestContext } from 'node:test';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type Account, openAccount } from '../account.ts';

export interface BucketFixture {
  readonly account: Account;
  readonly s3: S3Client;
  readonly Bucket: string;
}

/** An account with one empty bucket, gone when the test is. */
export async function bucketFor(test: TestContext): Promise<BucketFixture> {
  const account = await openAccount();
  const s3 = new S3Client(account.client);
  test.after(async () => {
    s3.destroy();
    await account.close();
  });
  const Bucket = 'feeds-123456789012';
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }));
  return { account, s3, Bucket };
}
