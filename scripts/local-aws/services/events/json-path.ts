import { isObject } from '../json.ts';

/**
 * The part of JSONPath that EventBridge knows: dots, dashes, underscores, slashes, indices and wildcards.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
const path = /^\$(\.([\w/-]+|\*)|\[(\d+|\*)\])*$/;

export const isJsonPath = (text: string): boolean => path.test(text);

/** The value at a path; with wildcards the list of all values; `undefined` when there is none. */
export function valueAt(path: string, root: unknown): unknown {
  const steps: readonly string[] = path.slice(1).match(/[\w/-]+|\*/g) ?? [];
  const values = steps.reduce<readonly unknown[]>(
    (found, step) => found.flatMap((value) => childrenOf(value, step)),
    [root],
  );
  return steps.includes('*') && values.length > 0 ? values : values[0];
}

function childrenOf(value: unknown, step: string): readonly unknown[] {
  if (step === '*') return Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  if (Array.isArray(value)) return /^\d+$/.test(step) && Number(step) < value.length ? [value[Number(step)]] : [];
  return isObject(value) && Object.hasOwn(value, step) ? [value[step]] : [];
}
