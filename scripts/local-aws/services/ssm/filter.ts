import { AwsError } from '../../wire/errors.ts';
import type { ParameterFilter } from './model.ts';
import type { Parameter } from './parameter.ts';

const comparisons: ReadonlyMap<string, (text: string, value: string) => boolean> = new Map([
  ['Equals', (text, value) => text === value],
  ['BeginsWith', (text, value) => text.startsWith(value)],
  ['Contains', (text, value) => text.includes(value)],
]);

const subjects: ReadonlyMap<string, (parameter: Parameter) => string> = new Map([
  ['Name', ({ name }) => name],
  ['Type', ({ settings }) => settings.type],
  ['Tier', ({ settings }) => settings.tier],
]);

/**
 * Whether a parameter has what a filter of DescribeParameters wants. Throws AwsError for one that means nothing, or that
 * is not here.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html
 */
export function matcherOf({ Key, Option = 'Equals', Values = [] }: ParameterFilter): (parameter: Parameter) => boolean {
  const subject = subjects.get(Key);
  if (subject === undefined)
    throw new AwsError('NotImplemented', `ssm filters by ${Key} are not implemented by the embedded AWS`, 501);
  const compare = comparisons.get(Option);
  if (compare === undefined || (Option === 'Contains' && Key !== 'Name'))
    throw new AwsError('InvalidFilterOption', `The following filter option is not valid: ${Option}.`);
  if (Values.length === 0)
    throw new AwsError('InvalidFilterValue', `The following filter values are missing : null for filter key ${Key}`);
  return (parameter) => Values.some((value) => compare(subject(parameter), value));
}
