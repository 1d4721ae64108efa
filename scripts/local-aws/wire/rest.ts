/** restJson1 and restXml: members in paths, queries and headers, the rest in a document, or one member as the body. */
import { errorJson, errorMembers, errorXml } from './error-members.ts';
import { isBodyMember, rawPayload, readBindings, writeBindings } from './http-bindings.ts';
import { parseJson, toJson } from './json.ts';
import type { Body, Protocol, Service } from './model.ts';
import type { WireRequest } from './request.ts';
import type { Shape, StructShape } from './shape.ts';
import { isRecord } from './traits.ts';
import { fromXml } from './xml-read.ts';
import { parseXml } from './xml-tree.ts';
import { element, textElement, toXml, xmlDeclaration, xmlns } from './xml-write.ts';

/** The format of the documents in the bodies. */
interface Format {
  readonly type: string;
  read(shape: Shape, body: Buffer): unknown;
  write(service: Service, shape: Shape, value: unknown): string;
}

const json: Format = {
  type: 'application/json',
  read: parseJson,
  write: (_service, shape, value) => JSON.stringify(toJson(shape, value ?? {})),
};

const xml: Format = {
  type: 'application/xml',
  read: (shape, body) => (body.length === 0 ? undefined : fromXml(shape, parseXml(body.toString('utf8')))),
  write: (service, shape, value) =>
    xmlDeclaration + rootElement(shape, isRecord(value) ? value : {}, xmlns(service.xmlNamespace)),
};

/** S3 answers GetBucketLocation with the text of its one member as the root. */
const rootElement = (shape: Shape, value: Readonly<Record<string, unknown>>, attributes: string): string =>
  shape.name === 'GetBucketLocationOutput'
    ? element('LocationConstraint', String(value['LocationConstraint'] ?? ''), attributes)
    : toXml(shape.traits.xmlName ?? shape.name, shape, value, attributes);

async function readBody(
  format: Format,
  shape: StructShape,
  request: WireRequest,
): Promise<Readonly<Record<string, unknown>>> {
  const members = [...shape.members];
  const payload = members.find(([, member]) => member.traits.httpPayload);
  if (payload !== undefined) {
    const [name, member] = payload;
    const value = await readPayload(format, member, request);
    return value === undefined ? {} : { [name]: value };
  }
  if (!members.some(([, member]) => isBodyMember(member))) return {};
  const value = format.read(shape, await request.bytes());
  return isRecord(value) ? value : {};
}

async function readPayload(format: Format, shape: Shape, request: WireRequest): Promise<unknown> {
  if (shape.kind === 'blob' && shape.streaming) return request.stream;
  const bytes = await request.bytes();
  if (bytes.length === 0) return undefined;
  if (shape.kind === 'blob') return new Uint8Array(bytes);
  return shape.kind === 'string' ? bytes.toString('utf8') : format.read(shape, bytes);
}

const rest = (format: Format, fail: Protocol['fail']): Protocol => ({
  read: async (operation, request, labels) => ({
    ...(await readBody(format, operation.input, request)),
    ...readBindings(operation.input, request, labels),
  }),
  write(service, operation, output) {
    const { headers, body, hasBody, payload, status: answered } = writeBindings(operation.output, output);
    // The model knows S3's answer to a range by its headers only; HTTP calls it Partial Content.
    const status = answered ?? (headers.has('content-range') ? 206 : operation.status);
    const written = writeBody(format, service, operation.output, hasBody ? body : undefined, payload);
    if (written.type !== undefined && !headers.has('content-type')) headers.set('content-type', written.type);
    return { status, headers, body: written.body };
  },
  fail,
});

/** A document payload is written even when there is nothing in it: S3 clients take an empty 200 for a failure. */
function writeBody(
  format: Format,
  service: Service,
  shape: StructShape,
  body: Readonly<Record<string, unknown>> | undefined,
  payload: { readonly shape: Shape; readonly value: unknown } | undefined,
): { body: Body; type?: string } {
  if (payload !== undefined) {
    const raw = rawPayload(payload.shape, payload.value);
    if (raw !== undefined) return { body: raw, type: 'application/octet-stream' };
    return { body: format.write(service, payload.shape, payload.value), type: format.type };
  }
  return body === undefined ? { body: '' } : { body: format.write(service, shape, body), type: format.type };
}

export const restJson1: Protocol = rest(json, (_service, failure) => {
  const modelled = failure.shape === undefined ? undefined : writeBindings(failure.shape, errorMembers(failure));
  const headers = modelled?.headers ?? new Map<string, string>();
  headers.set('content-type', json.type).set('x-amzn-errortype', failure.code);
  return { status: failure.status, headers, body: JSON.stringify(errorJson(failure)) };
});

export const restXml: Protocol = rest(xml, (_service, failure, requestId) => ({
  status: failure.status,
  headers: new Map([['content-type', xml.type]]),
  body:
    xmlDeclaration +
    element(
      'Error',
      textElement('Code', failure.code) +
        textElement('Message', failure.message) +
        errorXml(failure) +
        textElement('RequestId', requestId),
    ),
}));
