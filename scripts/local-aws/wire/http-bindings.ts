/** Members of restJson1 and restXml that travel outside the body: labels, query, headers, status. */
import { Readable } from 'node:stream';
import type { Body } from './model.ts';
import type { WireRequest } from './request.ts';
import { fromText, isTextShape, mismatch, toText } from './scalars.ts';
import type { Shape, StructShape } from './shape.ts';
import { isRecord } from './traits.ts';

export const isBodyMember = ({ traits }: Shape): boolean =>
  !(
    traits.httpLabel ||
    traits.httpPayload ||
    traits.httpQueryParams ||
    traits.httpResponseCode ||
    traits.httpQuery !== undefined ||
    traits.httpHeader !== undefined ||
    traits.httpPrefixHeaders !== undefined
  );

/** Everything of a request but its body. */
export function readBindings(
  shape: StructShape,
  request: WireRequest,
  labels: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, member] of shape.members) {
    const value = readBinding(member, name, request, labels);
    if (value !== undefined) input[name] = value;
  }
  return input;
}

function readBinding(member: Shape, name: string, request: WireRequest, labels: ReadonlyMap<string, string>): unknown {
  const { httpLabel, httpQuery, httpQueryParams, httpHeader, httpPrefixHeaders } = member.traits;
  if (httpLabel) {
    const label = labels.get(name);
    return label === undefined ? undefined : fromText(member, label);
  }
  if (httpQuery !== undefined) return readQuery(member, request.query.getAll(httpQuery));
  if (httpQueryParams) return readQueryParams(member, request.query);
  if (httpHeader !== undefined) {
    const text = request.headers.get(httpHeader);
    return text === undefined ? undefined : readHeader(member, text);
  }
  return httpPrefixHeaders === undefined ? undefined : readPrefixHeaders(httpPrefixHeaders, request.headers);
}

function readQuery(member: Shape, texts: readonly string[]): unknown {
  if (texts[0] === undefined) return undefined;
  return member.kind === 'list' ? texts.map((text) => fromText(member.item, text)) : fromText(member, texts[0]);
}

function readQueryParams(member: Shape, query: URLSearchParams): object {
  const lists = member.kind === 'map' && member.value.kind === 'list';
  return Object.fromEntries([...new Set(query.keys())].map((key) => [key, lists ? query.getAll(key) : query.get(key)]));
}

/** An item of a header's list, bare or, when it holds a comma, in quotation marks (0x22). */
const headerItem = /\x22(?<quoted>(?:[^\x22\\]|\\.)*)\x22|(?<bare>[^,\s][^,]{0,})/g;

const headerItems = (text: string): readonly string[] =>
  [...text.matchAll(headerItem)].map(
    ({ groups }) => groups?.['quoted']?.replace(/\\(.)/g, '$1') ?? groups?.['bare']?.trim() ?? '',
  );

const readHeader = (member: Shape, text: string): unknown =>
  member.kind === 'list' ? headerItems(text).map((item) => fromText(member.item, item)) : fromText(member, text);

function readPrefixHeaders(prefix: string, headers: ReadonlyMap<string, string>): object | undefined {
  const found = [...headers].filter(([name]) => name.startsWith(prefix));
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([name, text]) => [name.slice(prefix.length), text]));
}

/** The members of an answer, each where it travels. */
export interface Written {
  readonly headers: Map<string, string>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly hasBody: boolean;
  readonly payload: { readonly shape: Shape; readonly value: unknown } | undefined;
  readonly status: number | undefined;
}

export function writeBindings(shape: StructShape, value: Readonly<Record<string, unknown>>): Written {
  const headers = new Map<string, string>();
  const body: Record<string, unknown> = {};
  let payload: Written['payload'];
  let status: number | undefined;
  let hasBody = false;
  for (const [name, member] of shape.members) {
    const one = value[name];
    if (member.traits.httpPayload) payload = { shape: member, value: one };
    else if (isBodyMember(member)) {
      hasBody = true;
      body[name] = one;
    } else if (member.traits.httpResponseCode) status = typeof one === 'number' ? one : undefined;
    else if (one !== undefined && one !== null) writeHeaders(member, one, headers);
  }
  return { headers, body, hasBody, payload, status };
}

function writeHeaders(member: Shape, value: unknown, headers: Map<string, string>): void {
  const { httpHeader, httpPrefixHeaders } = member.traits;
  if (httpHeader !== undefined) headers.set(httpHeader, headerText(member, value));
  else if (httpPrefixHeaders !== undefined && isRecord(value))
    for (const [suffix, text] of Object.entries(value)) headers.set(httpPrefixHeaders + suffix, String(text));
  else throw mismatch(member, value);
}

/** What JSON escapes in a text without control characters, which no header holds, is what a header's list escapes. */
const quoted = (text: string): string => (/[\x22,]/.test(text) ? JSON.stringify(text) : text);

function headerText(member: Shape, value: unknown): string {
  if (member.kind !== 'list') return toText(member, value, 'http-date');
  if (!Array.isArray(value)) throw mismatch(member, value);
  return value.map((item) => quoted(toText(member.item, item, 'http-date'))).join(', ');
}

/** A payload that is no document: the bytes or text of a blob or string member. */
export function rawPayload(shape: Shape, value: unknown): Body | undefined {
  if (!isTextShape(shape)) return undefined;
  if (value === undefined || value === null) return '';
  if (typeof value === 'string' || value instanceof Uint8Array || value instanceof Readable) return value;
  throw mismatch(shape, value);
}
