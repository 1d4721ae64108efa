import type { Readable } from 'node:stream';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Limits } from './limits.ts';
import type { Body, Context, Operation, Service } from './model.ts';
import { isProtocolName } from './protocols.ts';
import { routeOf } from './route.ts';
import { shapeOf } from './schema.ts';
import type { StructShape } from './shape.ts';
import { isRecord, rawTraits, readTraits } from './traits.ts';

export type { Context, Service } from './model.ts';

/** Clients are made for their settings only, and Node 20 need not be told of the SDK's future each time. */
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** The SDK types required members `X | undefined`; the server has checked that they are there. */
type Present<T, K extends keyof T, V> = Record<never, never> extends Pick<T, K> ? V : NonNullable<V>;

/** Blobs reach a handler as bytes, streaming ones (the body of an object) as a stream. */
type Received<T> = ArrayBuffer extends NonNullable<T> ? Uint8Array : Readable extends NonNullable<T> ? Readable : T;
type Input<T> = { readonly [K in keyof T]: Present<T, K, Received<T[K]>> };

type StreamingBody = NonNullable<GetObjectCommandOutput['Body']>;
type Answered<T> = NonNullable<T> extends Uint8Array ? Uint8Array : StreamingBody extends NonNullable<T> ? Body : T;
type Output<T> = { readonly [K in keyof T as Exclude<K, '$metadata'>]: Answered<T[K]> };

type Command<I, O> = abstract new (
  ...input: never[]
) => { readonly input: I; resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ output: O }> };

/**
 * What a service is to the wire: a function for each operation it has, `SubmitJob(input, context) → output`, typed by the
 * SDK's module. Operations left out answer 501.
 */
export type Handlers<Module> = {
  readonly [K in keyof Module as K extends `${infer Name}Command` ? Name : never]?: Module[K] extends Command<
    infer I,
    infer O
  >
    ? (input: Input<I>, context: Context) => Output<O> | Promise<Output<O>>
    : never;
};

interface ClientClass {
  new (config: {
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  }): { readonly config: object };
}

/** What the SDK's module alone says of a service. It is read once, however many worlds a process has: that takes 10 ms. */
type Description = Omit<Service, 'limits'>;

const descriptions = new WeakMap<object, Description>();

function descriptionOf(module: object, Client: ClientClass): Description {
  const known = descriptions.get(module);
  if (known !== undefined) return known;
  const { config } = new Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  });
  const schemas: readonly unknown[] = Object.values(module);
  const description = { ...settingsOf(config), operations: operationsOf(schemas), errors: errorsOf(schemas) };
  descriptions.set(module, description);
  return description;
}

/**
 * Puts handlers behind a service's wire: `defineService(batch, batch.BatchClient)(handlers, limits)`. Protocol, names and
 * all shapes come from the SDK's module.
 */
export const defineService =
  <Module extends object>(module: Module, Client: ClientClass) =>
  (handlers: Handlers<Module>, limits?: Limits): Service => {
    const { operations, ...description } = descriptionOf(module, Client);
    return {
      ...description,
      limits,
      operations: new Map([...operations].map(([name, operation]) => [name, handled(operation, handlers)])),
    };
  };

/** How the SDK's runtime configuration names what its client speaks. */
function settingsOf(
  config: unknown,
): Pick<Service, 'signingName' | 'protocol' | 'target' | 'version' | 'xmlNamespace'> {
  const { defaultSigningName, protocol, protocolSettings } = isRecord(config) ? config : {};
  const settings = isRecord(protocolSettings) ? protocolSettings : {};
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const name = hasShapeId(protocol) ? protocol.getShapeId().split('#')[1] : undefined;
  if (!isProtocolName(name))
    throw new TypeError(`defining service ${text(defaultSigningName)}: protocol ${name} is not known`);
  return {
    signingName: text(defaultSigningName),
    protocol: name,
    target: text(settings['serviceTarget']),
    version: text(settings['version']),
    xmlNamespace: text(settings['xmlNamespace']),
  };
}

const hasShapeId = (value: unknown): value is { getShapeId(): string } =>
  isRecord(value) && 'getShapeId' in value && typeof value['getShapeId'] === 'function';

const isOperation = (schema: unknown): schema is readonly unknown[] => Array.isArray(schema) && schema[0] === 9;
const isError = (schema: unknown): schema is readonly unknown[] => Array.isArray(schema) && schema[0] === -3;

const operationsOf = (schemas: readonly unknown[]): ReadonlyMap<string, Operation> =>
  new Map(schemas.filter(isOperation).map((schema) => [String(schema[2]), operationOf(schema)]));

function operationOf(schema: readonly unknown[]): Operation {
  const input = structOf(schema[4]);
  const { http } = readTraits(rawTraits(schema[3]));
  return {
    name: String(schema[2]),
    input,
    output: structOf(schema[5]),
    status: http?.status ?? 200,
    route: http === undefined ? undefined : routeOf(http.method, http.uri, input),
    handler: undefined,
  };
}

function handled(operation: Operation, handlers: object): Operation {
  const handler = handlerOf(handlers, operation.name);
  if (handler !== undefined && (isEventStream(operation.input) || isEventStream(operation.output)))
    throw new TypeError(`defining operation ${operation.name}: event streams are not spoken here; leave it out`);
  return { ...operation, handler };
}

const isHandler = (value: unknown): value is NonNullable<Operation['handler']> => typeof value === 'function';

const isEventStream = (shape: StructShape): boolean =>
  [...shape.members.values()].some((member) => member.kind === 'struct' && member.union && member.traits.streaming);

/** The decoder gives a handler exactly what its type, taken from the same model, asks for. */
function handlerOf(handlers: object, name: string): Operation['handler'] {
  const handler: unknown = Reflect.get(handlers, name);
  return isHandler(handler) ? (input, context) => handler.call(handlers, input, context) : undefined;
}

/** By name and, where services speak awsQuery, by the code on the wire. */
function errorsOf(schemas: readonly unknown[]): ReadonlyMap<string, StructShape> {
  const shapes = schemas.filter(isError).map(structOf);
  const byCode = shapes.flatMap((shape) => {
    const code = shape.traits.awsQueryError?.code;
    return code === undefined ? [] : [[code, shape] as const];
  });
  return new Map([...byCode, ...shapes.map((shape) => [shape.name, shape] as const)]);
}

function structOf(schema: unknown): StructShape {
  const shape = shapeOf(schema);
  if (shape.kind !== 'struct')
    throw new TypeError(`reading schema ${shape.name}: a ${shape.kind} where a structure should be`);
  return shape;
}
