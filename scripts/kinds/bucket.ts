import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketPolicyCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type ServerSideEncryption,
} from '@aws-sdk/client-s3';
import { accountOf } from '../aws/account.ts';
import type { Aws } from '../aws/clients.ts';
import { created, found, isError } from '../aws/errors.ts';
import { adopt, ownerTagList, readOwned, setProtection } from '../aws/ownership.ts';
import { persist, type Waiter } from '../aws/waiting.ts';
import { changedFields } from '../reconcile/diff.ts';
import type { FieldDiff, ResourceKind } from '../reconcile/kind.ts';
import { contentsOf, emptyBucket } from './bucket-contents.ts';
import { type Lifecycle, lifecyclesOf, setLifecycle } from './bucket-lifecycle.ts';
import { type LiveBucket, readBucket } from './live-bucket.ts';
import { type Policy, parsePolicy } from './policy.ts';

export interface BucketSpec {
  readonly name: string;
  readonly protect: boolean;
  readonly versioning: boolean;
  /** For objects that come without one of their own: the algorithm, and the key where it is one of KMS's. */
  readonly encryption: { readonly algorithm: ServerSideEncryption; readonly kmsKey: string | null } | null;
  /** All four of S3's switches. */
  readonly publicAccessBlocked: boolean;
  readonly policy: Policy | null;
  /** Sorted by prefix. */
  readonly lifecycle: readonly Lifecycle[];
}

function encryptionOf({ encryption }: LiveBucket): BucketSpec['encryption'] {
  const { SSEAlgorithm, KMSMasterKeyID = null } = encryption?.Rules?.[0]?.ApplyServerSideEncryptionByDefault ?? {};
  return SSEAlgorithm === undefined ? null : { algorithm: SSEAlgorithm, kmsKey: KMSMasterKeyID };
}

const toSpec = (live: LiveBucket): BucketSpec => ({
  name: live.name,
  protect: live.protect,
  versioning: live.versioning === 'Enabled',
  encryption: encryptionOf(live),
  publicAccessBlocked:
    live.publicAccess !== undefined &&
    [
      live.publicAccess.BlockPublicAcls,
      live.publicAccess.BlockPublicPolicy,
      live.publicAccess.IgnorePublicAcls,
      live.publicAccess.RestrictPublicBuckets,
    ].every((blocked) => blocked === true),
  policy: live.policy === undefined ? null : parsePolicy(live.policy),
  lifecycle: lifecyclesOf(live.lifecycle),
});

async function setPolicy(aws: Aws, { name: Bucket, policy }: BucketSpec): Promise<void> {
  if (policy === null) await aws.s3.send(new DeleteBucketPolicyCommand({ Bucket }));
  else await aws.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) }));
}

async function setEncryption(aws: Aws, { name: Bucket, encryption }: BucketSpec): Promise<void> {
  if (encryption === null) {
    await aws.s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
    return;
  }
  const { algorithm, kmsKey } = encryption;
  const byDefault = { SSEAlgorithm: algorithm, ...(kmsKey !== null && { KMSMasterKeyID: kmsKey }) };
  // A bucket key spares a request to KMS, and its price, for each object.
  const Rules = [{ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: kmsKey !== null }];
  await aws.s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
}

async function setPublicAccess(aws: Aws, { name: Bucket, publicAccessBlocked: blocked }: BucketSpec): Promise<void> {
  await aws.s3.send(
    new PutPublicAccessBlockCommand({
      Bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: blocked,
        BlockPublicPolicy: blocked,
        IgnorePublicAcls: blocked,
        RestrictPublicBuckets: blocked,
      },
    }),
  );
}

async function setVersioning(aws: Aws, { name: Bucket, versioning }: BucketSpec): Promise<void> {
  const VersioningConfiguration = { Status: versioning ? 'Enabled' : 'Suspended' } as const;
  await aws.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
}

/** Buckets are named across all of AWS, so their ARNs name neither account nor region. */
async function bucketArn(aws: Aws, name: string): Promise<string> {
  const { partition } = await accountOf(aws);
  return `arn:${partition}:s3:::${name}`;
}

/** One request for each setting that S3 keeps apart. */
const settings: Readonly<Record<Exclude<keyof BucketSpec, 'name'>, (aws: Aws, desired: BucketSpec) => Promise<void>>> =
  {
    publicAccessBlocked: setPublicAccess,
    encryption: setEncryption,
    policy: setPolicy,
    versioning: setVersioning,
    lifecycle: (aws, { name, lifecycle }) => setLifecycle(aws, name, lifecycle),
    protect: async (aws, { name, protect }) => setProtection(aws, await bucketArn(aws, name), protect),
  };

/** S3 takes one change of a bucket at a time, a deletion of one of its name included, and knows a new one not everywhere at once. */
function passing(error: unknown): string | undefined {
  if (isError(error, 'OperationAborted')) return 'busy with another change';
  return isError(error, 'NoSuchBucket') ? 'not known everywhere yet' : undefined;
}

const patiently = (aws: Aws, name: string, waiter: Waiter, attempt: () => Promise<unknown>): Promise<unknown> =>
  persist(aws.pace, waiter, { what: `bucket "${name}"`, attempt, transient: passing });

async function create(aws: Aws, desired: BucketSpec, waiter: Waiter): Promise<void> {
  const { name } = desired;
  const CreateBucketConfiguration = { Tags: ownerTagList(aws, desired) };
  const command = new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration });
  await patiently(aws, name, waiter, () => created(aws.s3.send(command)));
  const { protect: _created, ...rest } = settings;
  for (const put of Object.values(rest)) await patiently(aws, name, waiter, () => put(aws, desired));
}

async function update(aws: Aws, desired: BucketSpec, fields: readonly FieldDiff[], waiter: Waiter): Promise<void> {
  const changed = changedFields(fields);
  for (const [setting, put] of Object.entries(settings)) {
    if (changed.has(setting)) await patiently(aws, desired.name, waiter, () => put(aws, desired));
  }
}

async function remove(aws: Aws, Bucket: string, waiter: Waiter): Promise<void> {
  await patiently(aws, Bucket, waiter, () => found(aws.s3.send(new DeleteBucketCommand({ Bucket }))));
}

/**
 * A bucket of this environment. One that holds objects is deleted only where that is permitted, except for the one in
 * which baton keeps its own notes.
 */
export const bucketKind = (aws: Aws, stateBucket?: string): ResourceKind<BucketSpec, LiveBucket> => ({
  kind: 'bucket',
  immutable: [],
  references: () => [],
  list: (names) => readOwned(aws, { resourceType: 's3', before: '' }, names, (name) => readBucket(aws, name)),
  toSpec,
  create: (desired, step) => create(aws, desired, step),
  update: (_live, desired, fields, step) => update(aws, desired, fields, step),
  delete: async ({ name: Bucket }, step) => {
    if (Bucket === stateBucket || step.permits.has('objects')) await emptyBucket(aws, Bucket, step);
    await remove(aws, Bucket, step);
  },
  adopt: async ({ name }) => adopt(aws, await bucketArn(aws, name)),
  lossOf: async ({ name }) => (name === stateBucket ? undefined : contentsOf(aws, name)),
});
