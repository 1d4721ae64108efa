import type { Handlers } from '../../wire/service.ts';
import { jsonClient, kinds, listOf, operation, structure, type Written } from '../../wire/written-model.ts';

const { text, number, flag, time, texts } = kinds;

export interface StoredParameter {
  readonly ARN: string;
  readonly Name: string;
  readonly Type: string;
  readonly Value: string;
  readonly Version: number;
  readonly LastModifiedDate: Date;
  readonly DataType: string;
}

/** Parameter Store's part of https://docs.aws.amazon.com/systems-manager/latest/APIReference/, as far as it is here. */
export interface SsmModule {
  readonly PutParameterCommand: Written<
    {
      readonly Name: string;
      readonly Value: string;
      readonly Type?: string;
      readonly Overwrite?: boolean;
      readonly Tier?: string;
    },
    { readonly Version: number; readonly Tier: string }
  >;
  readonly GetParameterCommand: Written<
    { readonly Name: string; readonly WithDecryption?: boolean },
    { readonly Parameter: StoredParameter }
  >;
  readonly GetParametersCommand: Written<
    { readonly Names: readonly string[]; readonly WithDecryption?: boolean },
    { readonly Parameters: readonly StoredParameter[]; readonly InvalidParameters: readonly string[] }
  >;
  readonly DeleteParameterCommand: Written<{ readonly Name: string }, Record<never, never>>;
}

export type SsmHandlers = Handlers<SsmModule>;

const parameter = structure(
  'Parameter',
  {},
  { ARN: text, Name: text, Type: text, Value: text, Version: number, LastModifiedDate: time, DataType: text },
);

export const ssmModel = {
  putParameter: operation(
    'PutParameter',
    structure(
      'PutParameterRequest',
      { Name: text, Value: text },
      { Type: text, Overwrite: flag, Description: text, KeyId: text, Tier: text, DataType: text },
    ),
    structure('PutParameterResult', {}, { Version: number, Tier: text }),
  ),
  getParameter: operation(
    'GetParameter',
    structure('GetParameterRequest', { Name: text }, { WithDecryption: flag }),
    structure('GetParameterResult', {}, { Parameter: parameter }),
  ),
  getParameters: operation(
    'GetParameters',
    structure('GetParametersRequest', { Names: texts }, { WithDecryption: flag }),
    structure('GetParametersResult', {}, { Parameters: listOf('ParameterList', parameter), InvalidParameters: texts }),
  ),
  deleteParameter: operation(
    'DeleteParameter',
    structure('DeleteParameterRequest', { Name: text }),
    structure('DeleteParameterResult', {}),
  ),
};

export const SsmModelClient = jsonClient('ssm', 'AmazonSSM');
