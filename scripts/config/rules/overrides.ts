import requests from '../aws-requests.json' with { type: 'json' };
import { suggestion } from '../suggestion.ts';
import type { Path } from '../tree.ts';
import type { Report, Rule } from './rule.ts';

/** `text`, `number` or `true or false`; `{ "[]": … }` is a list, `{ "*": … }` a map with names of one's own. */
type Shape = string | { readonly [field: string]: Shape };

/** Section → what AWS's own creating request takes, and which of its fields an entry has another place for. */
const overridable = {
  computeEnvironments: { request: requests.CreateComputeEnvironment, name: 'computeEnvironmentName' },
  schedulingPolicies: { request: requests.CreateSchedulingPolicy, name: 'name' },
  jobQueues: { request: requests.CreateJobQueue, name: 'jobQueueName' },
  jobDefinitions: { request: requests.RegisterJobDefinition, name: 'jobDefinitionName' },
} as const;

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const typed = { text: 'string', number: 'number', 'true or false': 'boolean' } as const;

const fits = (shape: string, value: unknown): boolean =>
  Object.entries(typed).some(([name, type]) => name === shape && typeof value === type);

/** Reports what AWS's SDK would pass over in silence, or send as something else. */
function judge(shape: Shape, value: unknown, path: Path, report: Report): void {
  // It takes a field away.
  if (value === null) return;
  if (typeof shape === 'string') {
    if (!fits(shape, value)) report(path, `must be ${shape === 'number' ? 'a number' : shape}`);
    return;
  }
  const { '[]': item, '*': member } = shape;
  if (item !== undefined) {
    if (!Array.isArray(value)) report(path, 'must be a list');
    else for (const [index, each] of value.entries()) judge(item, each, [...path, index], report);
    return;
  }
  if (!isMap(value)) {
    report(path, 'must be a map of fields');
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    const known = member ?? shape[name];
    if (known !== undefined) judge(known, inner, [...path, name], report);
    else report([...path, name], `is no field of AWS's here; ${suggestion(name, Object.keys(shape))}`, 'name');
  }
}

/** A misspelt field of AWS's would be dropped by the SDK without a word. */
export const overridesAreAwss: Rule = ({ config }, report) => {
  for (const section of ['computeEnvironments', 'schedulingPolicies', 'jobQueues', 'jobDefinitions'] as const) {
    const { request, name } = overridable[section];
    for (const [entry, { override }] of Object.entries(config[section])) {
      if (override === undefined) continue;
      const path = [section, entry, 'override'];
      judge(request, override, path, report);
      if (Object.hasOwn(override, name)) report([...path, name], 'is what the field "name" of the entry says', 'name');
    }
  }
};
