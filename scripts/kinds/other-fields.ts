import type { Value } from '../reconcile/kind.ts';
import { type Fields, isFields, isList, plainFields } from '../reconcile/value.ts';

const isEmpty = (value: Value | undefined): boolean =>
  value === undefined ||
  value === null ||
  (isList(value) && value.length === 0) ||
  (isFields(value) && Object.keys(value).length === 0);

/** Without what says nothing: AWS fills in empty lists and maps where a request had none. */
function stripped(value: Value): Value {
  if (isList(value)) return value.map(stripped);
  if (!isFields(value)) return value;
  const members = Object.entries(value).flatMap(([name, member]): [string, Value][] => {
    const inner = member === undefined ? null : stripped(member);
    return isEmpty(inner) ? [] : [[name, inner]];
  });
  return Object.fromEntries(members);
}

/**
 * What AWS's answer has beside the fields that a spec tells of in its own words: in AWS's names, empty things left out. With
 * it a spec misses nothing that a hand has changed, and an override of any field is compared like the rest.
 */
export function otherFields(answer: object, known: readonly string[]): Fields {
  const rest = Object.fromEntries(Object.entries(plainFields(answer)).filter(([name]) => !known.includes(name)));
  const value = stripped(rest);
  return isFields(value) ? value : {};
}
