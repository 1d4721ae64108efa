import type * as Ecr from '@aws-sdk/client-ecr';
import { arnIn, creating, type Need, type Needs, type Site, tagging } from '../need.ts';

/** Actions on the repository that the input names, in whichever registry. */
const onRepository =
  (action: string) =>
  (
    { repositoryName, registryId }: { readonly repositoryName: string; readonly registryId?: string | undefined },
    site: Site,
  ): readonly Need[] => [
    {
      action: `ecr:${action}`,
      resource: arnIn({ ...site, account: registryId ?? site.account }, 'ecr', `repository/${repositoryName}`),
    },
  ];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html */
export const ecrNeeds: Needs<typeof Ecr> = {
  BatchCheckLayerAvailability: onRepository('BatchCheckLayerAvailability'),
  BatchDeleteImage: onRepository('BatchDeleteImage'),
  BatchGetImage: onRepository('BatchGetImage'),
  CompleteLayerUpload: onRepository('CompleteLayerUpload'),
  CreateRepository: ({ repositoryName, tags }, site) =>
    creating('ecr:CreateRepository', 'ecr:TagResource', arnIn(site, 'ecr', `repository/${repositoryName}`), tags),
  DeleteLifecyclePolicy: onRepository('DeleteLifecyclePolicy'),
  DeleteRepository: onRepository('DeleteRepository'),
  DeleteRepositoryPolicy: onRepository('DeleteRepositoryPolicy'),
  DescribeImages: onRepository('DescribeImages'),
  DescribeRepositories: ({ repositoryNames = ['*'], registryId }, site) =>
    repositoryNames.flatMap((repositoryName) =>
      onRepository('DescribeRepositories')({ repositoryName, registryId }, site),
    ),
  // It has no resource-level permission.
  GetAuthorizationToken: () => [{ action: 'ecr:GetAuthorizationToken', resource: '*' }],
  GetDownloadUrlForLayer: onRepository('GetDownloadUrlForLayer'),
  GetLifecyclePolicy: onRepository('GetLifecyclePolicy'),
  GetRepositoryPolicy: onRepository('GetRepositoryPolicy'),
  InitiateLayerUpload: onRepository('InitiateLayerUpload'),
  ListImages: onRepository('ListImages'),
  ListTagsForResource: ({ resourceArn }) => [{ action: 'ecr:ListTagsForResource', resource: resourceArn }],
  PutImage: onRepository('PutImage'),
  PutImageScanningConfiguration: onRepository('PutImageScanningConfiguration'),
  PutImageTagMutability: onRepository('PutImageTagMutability'),
  PutLifecyclePolicy: onRepository('PutLifecyclePolicy'),
  SetRepositoryPolicy: onRepository('SetRepositoryPolicy'),
  TagResource: ({ resourceArn, tags }) => tagging('ecr:TagResource', resourceArn, tags),
  UntagResource: ({ resourceArn }) => [{ action: 'ecr:UntagResource', resource: resourceArn }],
  UploadLayerPart: onRepository('UploadLayerPart'),
};
