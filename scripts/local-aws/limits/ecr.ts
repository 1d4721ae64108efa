import { AwsError } from '../wire/errors.ts';
import type { Limits, Violation } from '../wire/limits.ts';

/** ECR tells the first violation only, and puts it its own way. */
function refuseOne([first]: readonly Violation[]): AwsError {
  const rule = first?.rule.replace(/^satisfy regular expression pattern: (.*)$/s, "satisfy regular expression '$1'");
  const message = `Invalid parameter at '${first?.path}' failed to satisfy constraint: 'must ${rule}'`;
  return new AwsError('InvalidParameterException', message);
}

const registryId = { pattern: '[0-9]{12}' };
const repositoryName = {
  min: 2,
  max: 256,
  pattern: '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*',
};
const uploadId = { pattern: '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}' };
const layerDigest = { pattern: '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+' };
const imageTagMutability = { enum: ['MUTABLE', 'IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION', 'MUTABLE_WITH_EXCLUSION'] };
const tagStatus = { enum: ['TAGGED', 'UNTAGGED', 'ANY'] };
const imageStatusFilter = { enum: ['ACTIVE', 'ARCHIVED', 'ACTIVATING', 'ANY'] };

/** The API of Amazon ECR: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/ */
export const ecrLimits: Limits = {
  refuse: refuseOne,
  structures: {
    BatchCheckLayerAvailabilityRequest: {
      registryId,
      repositoryName,
      layerDigests: { min: 1, max: 100 },
      'layerDigests[]': { max: 1000 },
    },
    BatchDeleteImageRequest: {
      registryId,
      repositoryName,
      imageIds: { min: 1, max: 100 },
    },
    BatchGetImageRequest: {
      registryId,
      repositoryName,
      imageIds: { min: 1, max: 100 },
      acceptedMediaTypes: { min: 1, max: 100 },
    },
    CompleteLayerUploadRequest: {
      registryId,
      repositoryName,
      uploadId,
      layerDigests: { min: 1, max: 100 },
      'layerDigests[]': layerDigest,
    },
    CreateRepositoryRequest: {
      registryId,
      repositoryName,
      imageTagMutability,
      imageTagMutabilityExclusionFilters: { min: 1, max: 5 },
    },
    DeleteLifecyclePolicyRequest: {
      registryId,
      repositoryName,
    },
    DeleteRepositoryPolicyRequest: {
      registryId,
      repositoryName,
    },
    DeleteRepositoryRequest: {
      registryId,
      repositoryName,
    },
    DescribeImagesFilter: {
      tagStatus,
      imageStatus: imageStatusFilter,
    },
    DescribeImagesRequest: {
      registryId,
      repositoryName,
      imageIds: { min: 1, max: 100 },
      maxResults: { min: 1, max: 1000 },
    },
    DescribeRepositoriesRequest: {
      registryId,
      repositoryNames: { min: 1, max: 100 },
      'repositoryNames[]': repositoryName,
      maxResults: { min: 1, max: 1000 },
    },
    EncryptionConfiguration: {
      encryptionType: { enum: ['AES256', 'KMS', 'KMS_DSSE'] },
      kmsKey: { min: 1, max: 2048 },
    },
    GetAuthorizationTokenRequest: {
      registryIds: { min: 1, max: 10 },
      'registryIds[]': registryId,
    },
    GetDownloadUrlForLayerRequest: {
      registryId,
      repositoryName,
      layerDigest,
    },
    GetLifecyclePolicyRequest: {
      registryId,
      repositoryName,
    },
    GetRepositoryPolicyRequest: {
      registryId,
      repositoryName,
    },
    ImageIdentifier: {
      imageTag: { min: 1, max: 300 },
    },
    ImageTagMutabilityExclusionFilter: {
      filterType: { enum: ['WILDCARD'] },
      filter: { min: 1, max: 128, pattern: '^[0-9a-zA-Z._*-]{1,128}$' },
    },
    InitiateLayerUploadRequest: {
      registryId,
      repositoryName,
    },
    ListImagesFilter: {
      tagStatus,
      imageStatus: imageStatusFilter,
    },
    ListImagesRequest: {
      registryId,
      repositoryName,
      maxResults: { min: 1, max: 1000 },
    },
    PutImageRequest: {
      registryId,
      repositoryName,
      imageManifest: { min: 1, max: 4194304 },
      imageTag: { min: 1, max: 300 },
    },
    PutImageScanningConfigurationRequest: {
      registryId,
      repositoryName,
    },
    PutImageTagMutabilityRequest: {
      registryId,
      repositoryName,
      imageTagMutability,
      imageTagMutabilityExclusionFilters: { min: 1, max: 5 },
    },
    PutLifecyclePolicyRequest: {
      registryId,
      repositoryName,
      lifecyclePolicyText: { min: 100, max: 30720 },
    },
    SetRepositoryPolicyRequest: {
      registryId,
      repositoryName,
      policyText: { max: 10240 },
    },
    UploadLayerPartRequest: {
      registryId,
      repositoryName,
      uploadId,
      layerPartBlob: { max: 20971520 },
    },
  },
};
