import type { Target } from '@aws-sdk/client-eventbridge';
import type { BusEvent } from './letter.ts';

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A place in an event, `$.detail.jobName`; an empty text where there is nothing. Throws for a path with more in it than names. */
function valueAt(path: string, event: BusEvent): unknown {
  if (!/^\$(?:\.[\w-]+)*$/.test(path)) throw new Error(`the path ${path} into the event is not understood here`);
  let value: unknown = event;
  for (const name of path.split('.').slice(1)) value = isMap(value) ? value[name] : undefined;
  return value ?? '';
}

const inText = (value: unknown): string =>
  JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);

/** Variables stand bare in a template, for a whole value, or inside a text, for a part of it. */
const filled = (template: string, variable: (name: string) => unknown): string =>
  template.replace(/"(?:[^"\\]|\\.)*"|<([\w.-]+)>/g, (part: string, bare: string | undefined) =>
    bare === undefined
      ? part.replace(/<([\w.-]+)>/g, (_, name: string) => inText(variable(name)))
      : JSON.stringify(variable(bare)),
  );

/**
 * What EventBridge sends to a target for an event: the same as it would have sent then, unless the rule has changed, with
 * members in the order that the rule has them, by which the function knows a submission again. Throws saying what of the
 * target is not understood.
 */
export function payloadFor({ Input, InputPath, InputTransformer }: Target, event: BusEvent): unknown {
  if (InputPath !== undefined) throw new Error('what its target takes of the event (InputPath) is not understood here');
  if (InputTransformer === undefined) return Input === undefined ? event : JSON.parse(Input);
  const { InputTemplate = '', InputPathsMap: paths = {} } = InputTransformer;
  const text = filled(InputTemplate, (name) => {
    const path = paths[name];
    if (path === undefined) throw new Error(`its target has no path for <${name}>`);
    return valueAt(path, event);
  });
  return JSON.parse(text);
}
