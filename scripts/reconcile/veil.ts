import type { FieldDiff, Value } from './kind.ts';
import { type Fields, isFields, isList } from './value.ts';

/** Variables that somebody may have typed a secret into. Config holds references only; a console takes anything. */
const secretive = /pass(word|wd|phrase)|secret|token|credential|(api|access|private)_?key/i;

/** Whether a variable of this name may hold a secret. */
export const looksSecret = (name: string): boolean => secretive.test(name);

const veil = (text: string): string => `(hidden, ${text.length} characters)`;

const veiledVariable = (name: string, value: Value | undefined): Value | undefined =>
  typeof value === 'string' && looksSecret(name) ? veil(value) : value;

/** Variables are a map, or AWS's list of names and values. */
function veiledVariables(variables: Value | undefined): Value | undefined {
  if (isList(variables)) return variables.map(veiledPair);
  if (!isFields(variables)) return variables;
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, veiledVariable(name, value)]));
}

function veiledPair(pair: Value): Value {
  if (!isFields(pair) || typeof pair['name'] !== 'string') return pair;
  return { ...pair, value: veiledVariable(pair['name'], pair['value']) };
}

function veiledValue(value: Value | undefined): Value | undefined {
  if (isList(value)) return value.map((item) => veiledValue(item) ?? null);
  return isFields(value) ? veiled(value) : value;
}

/** Live state as it may be shown: values of variables that look like secrets are hidden, how long they are is told. */
export const veiled = (live: Fields): Fields =>
  Object.fromEntries(
    Object.entries(live).map(([name, value]) => [
      name,
      name === 'environment' ? veiledVariables(value) : veiledValue(value),
    ]),
  );

/** `environment.API_TOKEN`, `input.containerOverrides.environment.API_TOKEN` */
const variable = /(?:^|[.\]])environment(?:\.([^.[]+))?$/;

/** Differences as they may be shown: what config wants is no secret, what there is may be one. */
export function veiledFields(fields: readonly FieldDiff[]): readonly FieldDiff[] {
  return fields.map((field) => {
    const [whole, name] = variable.exec(field.path) ?? [];
    if (whole === undefined) return { ...field, live: veiledValue(field.live) };
    return { ...field, live: name === undefined ? veiledVariables(field.live) : veiledVariable(name, field.live) };
  });
}
