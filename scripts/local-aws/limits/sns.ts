import { type Limits, refuseWith } from '../wire/limits.ts';

/** The API of Amazon SNS: https://docs.aws.amazon.com/sns/latest/api/ */
export const snsLimits: Limits = {
  refuse: refuseWith('ValidationError'),
  structures: {
    ListTagsForResourceRequest: {
      ResourceArn: { min: 1, max: 1011 },
    },
    Tag: {
      Key: { min: 1, max: 128 },
      Value: { max: 256 },
    },
    TagResourceRequest: {
      ResourceArn: { min: 1, max: 1011 },
    },
    UntagResourceRequest: {
      ResourceArn: { min: 1, max: 1011 },
      'TagKeys[]': { min: 1, max: 128 },
    },
  },
};
