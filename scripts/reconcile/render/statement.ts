import type { Value } from '../kind.ts';
import { type Fields, isFields, isList } from '../value.ts';

const known: ReadonlySet<string> = new Set(['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition']);

const isStatement = (value: Value | undefined): value is Fields =>
  isFields(value) &&
  (value['Effect'] === 'Allow' || value['Effect'] === 'Deny') &&
  value['Action'] !== undefined &&
  Object.keys(value).every((key) => known.has(key));

/** Text as JSON has it, without its quotes: no value moves the cursor of who reads it. */
const text = (value: Value | undefined): string =>
  typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value);

/** AWS writes one value and a list of one alike. */
const texts = (value: Value | undefined): string[] =>
  value === undefined ? [] : isList(value) ? value.map(text) : [text(value)];

function principals(principal: Value | undefined): string[] {
  if (!isFields(principal)) return texts(principal);
  return Object.entries(principal).flatMap(([kind, names]) =>
    texts(names).map((name) => (kind === 'Service' ? name : `${kind} ${name}`)),
  );
}

const conditions = (condition: Value | undefined): string[] =>
  !isFields(condition)
    ? []
    : Object.entries(condition).flatMap(([operator, keys]) =>
        Object.entries(isFields(keys) ? keys : {}).map(
          ([key, values]) => `${operator} ${text(key)} ${texts(values).join(' or ')}`,
        ),
      );

/** The parts of a sentence that says what a policy's statement says; `undefined` for what is none. */
export function sentenceOf(value: Value | undefined): readonly string[] | undefined {
  if (!isStatement(value)) return undefined;
  const whom = principals(value['Principal']);
  return [
    `${text(value['Effect'])} ${texts(value['Action']).join(', ')}${whom.length === 0 ? '' : ` to ${whom.join(', ')}`}`,
    ...texts(value['Resource']).map((each) => `on ${each}`),
    ...conditions(value['Condition']).map((each, index) => `${index === 0 ? 'if' : 'and'} ${each}`),
  ];
}
