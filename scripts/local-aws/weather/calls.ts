import { Readable } from 'node:stream';
import type { ServedCall } from '../wire/around.ts';
import { isRecord } from '../wire/traits.ts';

/** What a call asks for, as text; two calls of one text ask for the same. Bodies, and tokens made for retries, are left out. */
export const textOf = ({ service, operation, input }: ServedCall): string =>
  `${service}:${operation} ${JSON.stringify(input, (name, value: unknown) => (isLeftOut(name, value) ? undefined : value))}`;

const isLeftOut = (name: string, value: unknown): boolean =>
  /^client(request)?token$/i.test(name) || value instanceof Readable || ArrayBuffer.isView(value);

/** Operations on objects: their data is no configuration. */
const ofObjects = /Object|Upload|^(Copy|Complete|Abort)/;

const changes =
  /^(Add|Attach|Create|Delete|Deregister|Detach|Disable|Enable|Put|Register|Remove|Set|Subscribe|Tag|Unsubscribe|Untag|Update)/;

/** What fills logs, queues and buses instead of changing them. */
const data = /^(PutEvents|PutLogEvents|PutMetricData|PutImage|CreateLogStream|DeleteMessage\w*)$/;

/** Whether a call changes how something is set up, rather than the data that goes through it. */
export const isChange = ({ service, operation }: ServedCall): boolean =>
  changes.test(operation) && !data.test(operation) && !(service === 's3' && ofObjects.test(operation));

/** A member of the input, or of a member of it, that is a text. */
export function textAt(input: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), input);
  return typeof found === 'string' ? found : undefined;
}

/** The last part of an ARN or a URL is the name; a name is its own. */
export const nameIn = (reference: string): string => reference.split(/[/:]/).at(-1) ?? reference;
