import type { Handlers } from '../../wire/service.ts';
import { jsonClient, kinds, listOf, operation, sensitive, structure, type Written } from '../../wire/written-model.ts';

const { text, number, flag, time, texts, anything } = kinds;

/** What every answer tells of a parameter. */
interface Identity {
  readonly ARN: string;
  readonly Name: string;
  readonly Type: string;
  readonly Version: number;
  readonly LastModifiedDate: Date;
  readonly DataType: string;
}

interface Parameter extends Identity {
  readonly Value: string;
}

export type Tier = 'Standard' | 'Advanced';

interface Metadata extends Identity {
  readonly Tier: Tier;
  readonly Description?: string | undefined;
  /** Of a SecureString. */
  readonly KeyId?: string | undefined;
}

export interface ParameterFilter {
  readonly Key: string;
  readonly Option?: string;
  readonly Values?: readonly string[];
}

/** Parameter Store's part of https://docs.aws.amazon.com/systems-manager/latest/APIReference/, as far as it is here. */
export interface SsmModule {
  readonly PutParameterCommand: Written<
    {
      readonly Name: string;
      readonly Value: string;
      readonly Type?: string;
      readonly Description?: string;
      readonly KeyId?: string;
      readonly Overwrite?: boolean;
      readonly Tier?: string;
      readonly DataType?: string;
    },
    { readonly Version: number; readonly Tier: Tier }
  >;
  readonly GetParameterCommand: Written<
    { readonly Name: string; readonly WithDecryption?: boolean },
    { readonly Parameter: Parameter }
  >;
  readonly GetParametersCommand: Written<
    { readonly Names: readonly string[]; readonly WithDecryption?: boolean },
    { readonly Parameters: readonly Parameter[]; readonly InvalidParameters: readonly string[] }
  >;
  readonly DescribeParametersCommand: Written<
    {
      readonly ParameterFilters?: readonly ParameterFilter[];
      readonly MaxResults?: number;
      readonly NextToken?: string;
    },
    { readonly Parameters: readonly Metadata[]; readonly NextToken?: string | undefined }
  >;
  readonly DeleteParameterCommand: Written<{ readonly Name: string }, Record<never, never>>;
}

export type SsmHandlers = Handlers<SsmModule>;

const identity = { ARN: text, Name: text, Type: text, Version: number, LastModifiedDate: time, DataType: text };
const parameter = structure('Parameter', {}, { ...identity, Value: sensitive(text) });
const metadata = structure('ParameterMetadata', {}, { ...identity, Tier: text, Description: text, KeyId: text });
const filter = structure('ParameterStringFilter', { Key: text }, { Option: text, Values: texts });

export const ssmModel = {
  putParameter: operation(
    'PutParameter',
    structure(
      'PutParameterRequest',
      { Name: text, Value: sensitive(text) },
      { Type: text, Overwrite: flag, Description: text, KeyId: text, Tier: text, DataType: text },
      { AllowedPattern: text, Tags: anything, Policies: text },
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
  describeParameters: operation(
    'DescribeParameters',
    structure(
      'DescribeParametersRequest',
      {},
      { ParameterFilters: listOf('ParameterStringFilterList', filter), MaxResults: number, NextToken: text },
      { Filters: anything, Shared: flag },
    ),
    structure(
      'DescribeParametersResult',
      {},
      { Parameters: listOf('ParameterMetadataList', metadata), NextToken: text },
    ),
  ),
  deleteParameter: operation(
    'DeleteParameter',
    structure('DeleteParameterRequest', { Name: text }),
    structure('DeleteParameterResult', {}),
  ),
};

export const SsmModelClient = jsonClient('ssm', 'AmazonSSM');
