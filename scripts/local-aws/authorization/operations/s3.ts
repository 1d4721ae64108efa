import type * as S3 from '@aws-sdk/client-s3';
import type { RequestContext } from '../../services/iam/policy-conditions.ts';
import { creating, type Need, type Needs, type Site } from '../need.ts';

/** Neither account nor region: a bucket's name is its own. */
const bucketArn = ({ partition }: Pick<Site, 'partition'>, bucket: string): string => `arn:${partition}:s3:::${bucket}`;
const objectArn = (site: Pick<Site, 'partition'>, bucket: string, key: string): string =>
  `${bucketArn(site, bucket)}/${key}`;

interface BucketInput {
  readonly Bucket: string;
}
interface ObjectInput extends BucketInput {
  readonly Key: string;
  readonly VersionId?: string | undefined;
}

const onBucket =
  (action: string) =>
  ({ Bucket }: BucketInput, site: Site): readonly Need[] => [
    { action: `s3:${action}`, resource: bucketArn(site, Bucket) },
  ];
const onObject =
  (action: string) =>
  ({ Bucket, Key }: ObjectInput, site: Site): readonly Need[] => [
    { action: `s3:${action}`, resource: objectArn(site, Bucket, Key) },
  ];
/** Naming a version takes another permission than the current object. */
const onVersion = (action: string) => (input: ObjectInput, site: Site) =>
  onObject(input.VersionId === undefined ? action : `${action}Version`)(input, site);

interface ListInput extends BucketInput {
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly MaxKeys?: number | undefined;
}
const listing =
  (action: string) =>
  ({ Bucket, Prefix, Delimiter, MaxKeys }: ListInput, site: Site): readonly Need[] => {
    const context: RequestContext = {
      ...(Prefix !== undefined && { 's3:prefix': Prefix }),
      ...(Delimiter !== undefined && { 's3:delimiter': Delimiter }),
      ...(MaxKeys !== undefined && { 's3:max-keys': String(MaxKeys) }),
    };
    return [{ action: `s3:${action}`, resource: bucketArn(site, Bucket), context }];
  };

interface WriteInput extends ObjectInput {
  readonly ACL?: string | undefined;
  readonly Tagging?: string | undefined;
  readonly IfMatch?: string | undefined;
}
/** Comparing with what is there reads it. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
const writing = (input: WriteInput, site: Site): readonly Need[] => [
  ...onObject('PutObject')(input, site),
  ...(input.IfMatch === undefined ? [] : onObject('GetObject')(input, site)),
  ...(input.ACL === undefined ? [] : onObject('PutObjectAcl')(input, site)),
  ...(input.Tagging === undefined ? [] : onObject('PutObjectTagging')(input, site)),
];

/** `[/]bucket/key[?versionId=id]`, percent-encoded. */
function readingSource(source: string, { partition }: Site): readonly Need[] {
  const [path = '', version] = source.replace(/^\//, '').split('?versionId=');
  const decoded = /%(?![0-9a-f]{2})/i.test(path) ? path : decodeURIComponent(path);
  const action = version === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  return [{ action, resource: `arn:${partition}:s3:::${decoded}` }];
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
export const s3Needs: Needs<typeof S3> = {
  AbortMultipartUpload: onObject('AbortMultipartUpload'),
  CompleteMultipartUpload: writing,
  CopyObject: (input, site) => [...readingSource(input.CopySource, site), ...writing(input, site)],
  CreateBucket: ({ Bucket, CreateBucketConfiguration, ObjectOwnership, ACL }, site) => [
    ...creating('s3:CreateBucket', 's3:TagResource', bucketArn(site, Bucket), CreateBucketConfiguration?.Tags),
    ...(ObjectOwnership === undefined ? [] : onBucket('PutBucketOwnershipControls')({ Bucket }, site)),
    ...(ACL === undefined ? [] : onBucket('PutBucketAcl')({ Bucket }, site)),
  ],
  CreateMultipartUpload: writing,
  DeleteBucket: onBucket('DeleteBucket'),
  DeleteBucketEncryption: onBucket('PutEncryptionConfiguration'),
  DeleteBucketLifecycle: onBucket('PutLifecycleConfiguration'),
  DeleteBucketOwnershipControls: onBucket('PutBucketOwnershipControls'),
  DeleteBucketPolicy: onBucket('DeleteBucketPolicy'),
  DeleteBucketTagging: onBucket('PutBucketTagging'),
  DeleteObject: onVersion('DeleteObject'),
  // It fails partially: its handler asks for each key.
  DeleteObjects: () => [],
  DeletePublicAccessBlock: onBucket('PutBucketPublicAccessBlock'),
  GetBucketEncryption: onBucket('GetEncryptionConfiguration'),
  GetBucketLifecycleConfiguration: onBucket('GetLifecycleConfiguration'),
  GetBucketLocation: onBucket('GetBucketLocation'),
  GetBucketOwnershipControls: onBucket('GetBucketOwnershipControls'),
  GetBucketPolicy: onBucket('GetBucketPolicy'),
  GetBucketTagging: onBucket('GetBucketTagging'),
  GetBucketVersioning: onBucket('GetBucketVersioning'),
  GetObject: onVersion('GetObject'),
  GetPublicAccessBlock: onBucket('GetBucketPublicAccessBlock'),
  HeadBucket: onBucket('ListBucket'),
  HeadObject: onVersion('GetObject'),
  // It has no resource-level permission.
  ListBuckets: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
  ListMultipartUploads: onBucket('ListBucketMultipartUploads'),
  ListObjectVersions: listing('ListBucketVersions'),
  ListObjects: listing('ListBucket'),
  ListObjectsV2: listing('ListBucket'),
  ListParts: onObject('ListMultipartUploadParts'),
  PutBucketEncryption: onBucket('PutEncryptionConfiguration'),
  PutBucketLifecycleConfiguration: onBucket('PutLifecycleConfiguration'),
  PutBucketOwnershipControls: onBucket('PutBucketOwnershipControls'),
  PutBucketPolicy: onBucket('PutBucketPolicy'),
  PutBucketTagging: onBucket('PutBucketTagging'),
  PutBucketVersioning: onBucket('PutBucketVersioning'),
  PutObject: writing,
  PutPublicAccessBlock: onBucket('PutBucketPublicAccessBlock'),
  UploadPart: onObject('PutObject'),
  UploadPartCopy: (input, site) => [
    ...readingSource(input.CopySource, site),
    ...onObject('PutObject')({ Bucket: input.Bucket, Key: input.Key }, site),
  ],
};
