import { type Limits, refuseWith } from '../wire/limits.ts';

const paginationToken = { max: 2048, pattern: '[\\s\\S]*' };
const tagKey = { min: 1, max: 128, pattern: '[\\s\\S]*' };
const tagValue = { max: 256, pattern: '[\\s\\S]*' };

/** The API of the Resource Groups Tagging API: https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/ */
export const taggingLimits: Limits = {
  refuse: refuseWith('InvalidParameterException'),
  structures: {
    GetResourcesInput: {
      PaginationToken: paginationToken,
      TagFilters: { max: 50 },
      'ResourceTypeFilters[]': tagValue,
      ResourceARNList: { min: 1, max: 100 },
      'ResourceARNList[]': { min: 1, max: 1011, pattern: '[\\s\\S]*' },
    },
    GetTagKeysInput: {
      PaginationToken: paginationToken,
    },
    GetTagValuesInput: {
      PaginationToken: paginationToken,
      Key: tagKey,
    },
    TagFilter: {
      Key: tagKey,
      Values: { max: 20 },
      'Values[]': tagValue,
    },
  },
};
