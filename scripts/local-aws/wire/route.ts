import { AwsError } from './errors.ts';
import type { Operation, Route, Service } from './model.ts';
import type { WireRequest } from './request.ts';
import type { StructShape } from './shape.ts';

/** Compiles a modelled URI such as `/v1/tags/{resourceArn}` or `/{Key+}?uploads&x-id=CreateMultipartUpload`. */
export function routeOf(method: string, uri: string, input: StructShape): Route {
  const [path = '/', search = ''] = uri.split('?');
  const labels: string[] = [];
  const pattern = path
    .replace(/\/$/, '')
    .replace(/[.*?^$()|[\]\\]/g, '\\$&')
    .replace(/\{(\w+)(\+?)\}/g, (_, label: string, greedy: string) => {
      labels.push(label);
      return greedy === '' ? '([^/]+)' : '(.+)';
    });
  const query = [...new URLSearchParams(search)];
  return {
    method,
    labels,
    path: new RegExp(`^${pattern}${path.endsWith('+}') ? '' : '/?'}$`, 's'),
    query: query.filter(([name]) => name !== 'x-id'),
    hint: query.find(([name]) => name === 'x-id')?.[1],
    required: requiredPlaces(input),
    inBucket: input.members.get('Bucket')?.traits.httpLabel === true,
  };
}

const requiredPlaces = (input: StructShape): Route['required'] =>
  [...input.members.values()]
    .filter((member) => member.required)
    .flatMap(({ traits: { httpQuery, httpHeader } }): Route['required'] => {
      if (httpQuery !== undefined) return [{ place: 'query', name: httpQuery }];
      return httpHeader === undefined ? [] : [{ place: 'header', name: httpHeader }];
    });

export interface Match {
  readonly operation: Operation;
  /** Decoded. */
  readonly labels: ReadonlyMap<string, string>;
}

/** The operation whose method and URI fit, and of several the most particular one; throws InvalidURI. */
export function matchRoute(service: Service, request: WireRequest): Match | undefined {
  const { path, bucket } =
    service.protocol === 'restXml' ? splitBucket(request) : { path: request.path, bucket: undefined };
  let best: { operation: Operation; route: Route; texts: RegExpExecArray; weight: number } | undefined;
  for (const operation of service.operations.values()) {
    const { route } = operation;
    if (route === undefined || route.method !== request.method || route.inBucket !== (bucket !== undefined)) continue;
    const texts = route.path.exec(path);
    if (texts === null || !route.query.every((pair) => hasParameter(request.query, pair))) continue;
    const weight = weigh(route, operation, request);
    if (best === undefined || weight > best.weight) best = { operation, route, texts, weight };
  }
  if (best === undefined) return undefined;
  const labels = new Map(best.route.labels.map((label, at) => [label, decoded(best.texts[at + 1] ?? '')]));
  if (bucket !== undefined) labels.set('Bucket', decoded(bucket));
  return { operation: best.operation, labels };
}

/** A bucket is in the host or is the first segment, never in the modelled URI. */
function splitBucket(request: WireRequest): { path: string; bucket: string | undefined } {
  const host = /^(.+?)\.(?:s3[.-].*|localhost)(?::\d+)?$/.exec(request.headers.get('host') ?? '')?.[1];
  if (host !== undefined) return { path: request.path, bucket: host };
  const [, first = '', rest = '/'] = /^\/([^/]*)(\/.*)?$/s.exec(request.path) ?? [];
  return first === '' ? { path: request.path, bucket: undefined } : { path: rest, bucket: first };
}

const hasParameter = (query: URLSearchParams, [name, value]: readonly [string, string]): boolean =>
  query.has(name) && (value === '' || query.get(name) === value);

/**
 * The SDK's hint decides where it is sent (other clients omit it), then whether everything required is there, then how
 * much the route demands. Of two alike the one that somebody wrote wins.
 */
function weigh(route: Route, operation: Operation, request: WireRequest): number {
  const whole = route.required.every(({ place, name }) =>
    (place === 'query' ? request.query : request.headers).has(name),
  );
  const hinted = route.hint !== undefined && route.hint === request.query.get('x-id');
  const demands = route.query.length + route.required.length - route.labels.length / 10;
  return demands + (whole ? 50 : 0) + (hinted ? 100 : 0) + (operation.handler === undefined ? 0 : 0.01);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', `Couldn't parse the specified URI: ${text}`);
  }
}
