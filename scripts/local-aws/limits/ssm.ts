import { type Limits, refuseWith } from '../wire/limits.ts';

const name = { min: 1, max: 2048 };

/** The API of AWS Systems Manager: https://docs.aws.amazon.com/systems-manager/latest/APIReference/ */
export const ssmLimits: Limits = {
  refuse: refuseWith('ValidationException'),
  structures: {
    /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameter.html */
    DeleteParameterRequest: {
      Name: name,
    },
    /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html */
    DescribeParametersRequest: {
      MaxResults: { min: 1, max: 50 },
    },
    /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
    GetParameterRequest: {
      Name: name,
    },
    /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
    GetParametersRequest: {
      Names: { min: 1, max: 10 },
      'Names[]': name,
    },
    /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html */
    ParameterStringFilter: {
      Key: { min: 1, max: 132, pattern: 'tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType' },
      Option: { min: 1, max: 10 },
      Values: { min: 1, max: 50 },
      'Values[]': { min: 1, max: 1024 },
    },
    /** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
    PutParameterRequest: {
      Name: name,
      Description: { max: 1024 },
      Type: { enum: ['String', 'StringList', 'SecureString'] },
      KeyId: { min: 1, max: 256, pattern: '^([a-zA-Z0-9:/_-]+)$' },
      AllowedPattern: { max: 1024 },
      Tags: { max: 1000 },
      Tier: { enum: ['Standard', 'Advanced', 'Intelligent-Tiering'] },
      Policies: { min: 1, max: 4096 },
      DataType: { max: 128 },
    },
  },
};
