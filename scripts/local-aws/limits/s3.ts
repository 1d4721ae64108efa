import { AwsError } from '../wire/errors.ts';
import type { Limits, Violation } from '../wire/limits.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html: a document is malformed, anything else invalid. */
function refuseOne([first]: readonly Violation[]): AwsError {
  if (first?.path.includes('.'))
    return new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  const fields = { ArgumentName: first?.path ?? '', ArgumentValue: String(first?.value ?? '') };
  return new AwsError('InvalidArgument', `Invalid Argument: ${first?.path} must ${first?.rule}`, 400, fields);
}

const requestPayer = { enum: ['requester'] };
const checksumType = { enum: ['COMPOSITE', 'FULL_OBJECT'] };
const objectCannedACL = {
  enum: [
    'private',
    'public-read',
    'public-read-write',
    'authenticated-read',
    'aws-exec-read',
    'bucket-owner-read',
    'bucket-owner-full-control',
  ],
};
const checksumAlgorithm = {
  enum: ['CRC32', 'CRC32C', 'SHA1', 'SHA256', 'CRC64NVME', 'SHA512', 'MD5', 'XXHASH64', 'XXHASH3', 'XXHASH128'],
};
const copySource = { pattern: '\\/?.+\\/.+' };
const metadataDirective = { enum: ['COPY', 'REPLACE'] };
const serverSideEncryption = { enum: ['AES256', 'aws:fsx', 'aws:kms', 'aws:kms:dsse'] };
const storageClass = {
  enum: [
    'STANDARD',
    'REDUCED_REDUNDANCY',
    'STANDARD_IA',
    'ONEZONE_IA',
    'INTELLIGENT_TIERING',
    'GLACIER',
    'DEEP_ARCHIVE',
    'OUTPOSTS',
    'GLACIER_IR',
    'SNOW',
    'EXPRESS_ONEZONE',
    'FSX_OPENZFS',
    'FSX_ONTAP',
  ],
};
const objectLockMode = { enum: ['GOVERNANCE', 'COMPLIANCE'] };
const objectLockLegalHoldStatus = { enum: ['ON', 'OFF'] };
const objectOwnership = { enum: ['BucketOwnerPreferred', 'ObjectWriter', 'BucketOwnerEnforced'] };
const optionalObjectAttributes = { enum: ['RestoreStatus'] };
const expirationStatus = { enum: ['Enabled', 'Disabled'] };
const transitionStorageClass = {
  enum: ['GLACIER', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'DEEP_ARCHIVE', 'GLACIER_IR'],
};

/** The API of Amazon S3: https://docs.aws.amazon.com/AmazonS3/latest/API/ */
export const s3Limits: Limits = {
  refuse: refuseOne,
  structures: {
    AbortMultipartUploadRequest: {
      Key: { min: 1 },
      RequestPayer: requestPayer,
    },
    BlockedEncryptionTypes: {
      'EncryptionType[]': { enum: ['NONE', 'SSE-C'] },
    },
    BucketInfo: {
      DataRedundancy: { enum: ['SingleAvailabilityZone', 'SingleLocalZone'] },
      Type: { enum: ['Directory'] },
    },
    CompleteMultipartUploadRequest: {
      Key: { min: 1 },
      ChecksumType: checksumType,
      RequestPayer: requestPayer,
    },
    CopyObjectRequest: {
      ACL: objectCannedACL,
      ChecksumAlgorithm: checksumAlgorithm,
      CopySource: copySource,
      Key: { min: 1 },
      MetadataDirective: metadataDirective,
      TaggingDirective: metadataDirective,
      ServerSideEncryption: serverSideEncryption,
      StorageClass: storageClass,
      RequestPayer: requestPayer,
      ObjectLockMode: objectLockMode,
      ObjectLockLegalHoldStatus: objectLockLegalHoldStatus,
    },
    CreateBucketConfiguration: {
      LocationConstraint: {
        enum: [
          'af-south-1',
          'ap-east-1',
          'ap-east-2',
          'ap-northeast-1',
          'ap-northeast-2',
          'ap-northeast-3',
          'ap-south-1',
          'ap-south-2',
          'ap-southeast-1',
          'ap-southeast-2',
          'ap-southeast-3',
          'ap-southeast-4',
          'ap-southeast-5',
          'ap-southeast-6',
          'ap-southeast-7',
          'ca-central-1',
          'ca-west-1',
          'cn-north-1',
          'cn-northwest-1',
          'EU',
          'eu-central-1',
          'eu-central-2',
          'eu-north-1',
          'eu-south-1',
          'eu-south-2',
          'eu-west-1',
          'eu-west-2',
          'eu-west-3',
          'il-central-1',
          'me-central-1',
          'me-south-1',
          'mx-central-1',
          'sa-east-1',
          'us-east-2',
          'us-gov-east-1',
          'us-gov-west-1',
          'us-west-1',
          'us-west-2',
        ],
      },
    },
    CreateBucketRequest: {
      ACL: { enum: ['private', 'public-read', 'public-read-write', 'authenticated-read'] },
      ObjectOwnership: objectOwnership,
      BucketNamespace: { enum: ['account-regional', 'global'] },
    },
    CreateMultipartUploadRequest: {
      ACL: objectCannedACL,
      Key: { min: 1 },
      ServerSideEncryption: serverSideEncryption,
      StorageClass: storageClass,
      RequestPayer: requestPayer,
      ObjectLockMode: objectLockMode,
      ObjectLockLegalHoldStatus: objectLockLegalHoldStatus,
      ChecksumAlgorithm: checksumAlgorithm,
      ChecksumType: checksumType,
    },
    DeleteObjectRequest: {
      Key: { min: 1 },
      RequestPayer: requestPayer,
    },
    DeleteObjectsRequest: {
      RequestPayer: requestPayer,
      ChecksumAlgorithm: checksumAlgorithm,
    },
    GetObjectRequest: {
      Key: { min: 1 },
      RequestPayer: requestPayer,
      ChecksumMode: { enum: ['ENABLED'] },
    },
    HeadObjectRequest: {
      Key: { min: 1 },
      RequestPayer: requestPayer,
      ChecksumMode: { enum: ['ENABLED'] },
    },
    LifecycleRule: {
      Status: expirationStatus,
    },
    ListBucketsRequest: {
      MaxBuckets: { min: 1, max: 10000 },
    },
    ListMultipartUploadsRequest: {
      EncodingType: { enum: ['url'] },
      RequestPayer: requestPayer,
    },
    ListObjectVersionsRequest: {
      EncodingType: { enum: ['url'] },
      RequestPayer: requestPayer,
      'OptionalObjectAttributes[]': optionalObjectAttributes,
    },
    ListObjectsRequest: {
      EncodingType: { enum: ['url'] },
      RequestPayer: requestPayer,
      'OptionalObjectAttributes[]': optionalObjectAttributes,
    },
    ListObjectsV2Request: {
      EncodingType: { enum: ['url'] },
      RequestPayer: requestPayer,
      'OptionalObjectAttributes[]': optionalObjectAttributes,
    },
    ListPartsRequest: {
      Key: { min: 1 },
      RequestPayer: requestPayer,
    },
    LocationInfo: {
      Type: { enum: ['AvailabilityZone', 'LocalZone'] },
    },
    NoncurrentVersionTransition: {
      StorageClass: transitionStorageClass,
    },
    ObjectIdentifier: {
      Key: { min: 1 },
    },
    OwnershipControlsRule: {
      ObjectOwnership: objectOwnership,
    },
    PutBucketEncryptionRequest: {
      ChecksumAlgorithm: checksumAlgorithm,
    },
    PutBucketLifecycleConfigurationRequest: {
      ChecksumAlgorithm: checksumAlgorithm,
      TransitionDefaultMinimumObjectSize: { enum: ['varies_by_storage_class', 'all_storage_classes_128K'] },
    },
    PutBucketOwnershipControlsRequest: {
      ChecksumAlgorithm: checksumAlgorithm,
    },
    PutBucketPolicyRequest: {
      ChecksumAlgorithm: checksumAlgorithm,
    },
    PutBucketTaggingRequest: {
      ChecksumAlgorithm: checksumAlgorithm,
    },
    PutBucketVersioningRequest: {
      ChecksumAlgorithm: checksumAlgorithm,
    },
    PutObjectRequest: {
      ACL: objectCannedACL,
      ChecksumAlgorithm: checksumAlgorithm,
      Key: { min: 1 },
      ServerSideEncryption: serverSideEncryption,
      StorageClass: storageClass,
      RequestPayer: requestPayer,
      ObjectLockMode: objectLockMode,
      ObjectLockLegalHoldStatus: objectLockLegalHoldStatus,
    },
    PutPublicAccessBlockRequest: {
      ChecksumAlgorithm: checksumAlgorithm,
    },
    ServerSideEncryptionByDefault: {
      SSEAlgorithm: serverSideEncryption,
    },
    Tag: {
      Key: { min: 1 },
    },
    Transition: {
      StorageClass: transitionStorageClass,
    },
    UploadPartCopyRequest: {
      CopySource: copySource,
      Key: { min: 1 },
      RequestPayer: requestPayer,
    },
    UploadPartRequest: {
      ChecksumAlgorithm: checksumAlgorithm,
      Key: { min: 1 },
      RequestPayer: requestPayer,
    },
    VersioningConfiguration: {
      MFADelete: expirationStatus,
      Status: { enum: ['Enabled', 'Suspended'] },
    },
  },
};
