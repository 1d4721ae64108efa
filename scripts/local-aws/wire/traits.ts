/** The traits of the SDK's schemas that decide how a value travels: @smithy/types `schema/traits.d.ts`. */

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A trait object, or one packed into bits: its position is its meaning. */
const bits = [
  'httpLabel',
  'idempotent',
  'idempotencyToken',
  'sensitive',
  'httpPayload',
  'httpResponseCode',
  'httpQueryParams',
] as const;

export type RawTraits = Readonly<Record<string, unknown>>;

export function rawTraits(packed: unknown): RawTraits {
  if (isRecord(packed)) return packed;
  if (typeof packed !== 'number') return {};
  return Object.fromEntries(bits.flatMap((name, bit) => ((packed >> bit) & 1 ? [[name, 1]] : [])));
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function http(value: unknown): { method: string; uri: string; status: number } | undefined {
  const [method, uri, status] = list(value);
  return typeof method === 'string' && typeof uri === 'string'
    ? { method, uri, status: number(status) ?? 200 }
    : undefined;
}

function xmlNamespace(value: unknown): { prefix: string; uri: string } | undefined {
  const [prefix, uri] = list(value);
  return typeof uri === 'string' ? { prefix: text(prefix) ?? '', uri } : undefined;
}

function queryError(value: unknown): { code: string; status: number } | undefined {
  const [code, status] = list(value);
  return typeof code === 'string' ? { code, status: number(status) ?? 400 } : undefined;
}

export type Traits = ReturnType<typeof readTraits>;

export const readTraits = (raw: RawTraits) => ({
  httpLabel: raw['httpLabel'] === 1,
  httpPayload: raw['httpPayload'] === 1,
  httpResponseCode: raw['httpResponseCode'] === 1,
  httpQueryParams: raw['httpQueryParams'] === 1,
  idempotencyToken: raw['idempotencyToken'] === 1,
  sensitive: raw['sensitive'] === 1,
  /** In models written by hand only: what AWS knows and nothing here acts on. */
  notEmulated: raw['notEmulated'] === 1,
  streaming: raw['streaming'] === 1,
  xmlAttribute: raw['xmlAttribute'] === 1,
  xmlFlattened: raw['xmlFlattened'] === 1,
  httpHeader: text(raw['httpHeader'])?.toLowerCase(),
  httpPrefixHeaders: text(raw['httpPrefixHeaders'])?.toLowerCase(),
  httpQuery: text(raw['httpQuery']),
  jsonName: text(raw['jsonName']),
  xmlName: text(raw['xmlName']),
  ec2QueryName: text(raw['ec2QueryName']),
  fault: raw['error'] === 'server' ? ('server' as const) : ('client' as const),
  httpError: number(raw['httpError']),
  http: http(raw['http']),
  xmlNamespace: xmlNamespace(raw['xmlNamespace']),
  awsQueryError: queryError(raw['awsQueryError']),
});
