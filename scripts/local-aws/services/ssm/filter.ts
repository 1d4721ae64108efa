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
 * Whether a parameter has what a filter of DescribeParameters wants. Throws NotImplemented for those that are not here.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html
 */
export function matcherOf({ Key, Option = 'Equals', Values = [] }: ParameterFilter): (parameter: Parameter) => boolean {
  const subject = subjects.get(Key);
  const compare = comparisons.get(Option);
  if (subject === undefined || compare === undefined)
    throw new AwsError(
      'NotImplemented',
      `ssm filters of ${Key} with ${Option} are not implemented by the embedded AWS`,
      501,
    );
  return (parameter) => Values.some((value) => compare(subject(parameter), value));
}
