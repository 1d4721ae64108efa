/** Scalars as text: headers, labels, query strings, forms and XML text. */
import { AwsError } from './errors.ts';
import type { BlobShape, ScalarShape, Shape, TimestampFormat, TimestampShape } from './shape.ts';

export type TextShape = ScalarShape | BlobShape | TimestampShape;

export const isTextShape = (shape: Shape): shape is TextShape =>
  shape.kind !== 'list' && shape.kind !== 'map' && shape.kind !== 'struct';

/** A handler answered what its own schema does not allow: a mistake of the service, so the caller gets a 500. */
export function mismatch(shape: Shape, value: unknown): TypeError {
  const what = value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
  return new TypeError(`writing ${shape.memberName || shape.name}: ${what} is not a ${shape.kind}`);
}

const malformed = (shape: Shape, text: unknown): AwsError =>
  new AwsError(
    'SerializationException',
    `${JSON.stringify(text)} is not a valid ${shape.kind} for ${shape.memberName}`,
  );

const epochSeconds = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** Every timestamp format of AWS can be told from its text, whichever the model asks for. */
export function readTimestamp(shape: Shape, value: number | string): Date {
  const isEpoch = typeof value === 'number' || epochSeconds.test(value);
  const date = new Date(isEpoch ? Math.round(Number(value) * 1000) : value);
  if (Number.isNaN(date.getTime())) throw malformed(shape, value);
  return date;
}

export function writeTimestamp(format: TimestampFormat, date: Date): string {
  switch (format) {
    case 'http-date':
      return date.toUTCString();
    case 'epoch-seconds':
      return String(date.getTime() / 1000);
    case 'date-time':
      return date.toISOString().replace('.000Z', 'Z');
    default:
      return format satisfies never;
  }
}

export const readBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

export const writeBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

function readNumber(shape: Shape, text: string): number {
  const number = text === '' ? Number.NaN : Number(text);
  if (Number.isNaN(number) && text !== 'NaN') throw malformed(shape, text);
  return number;
}

function readBoolean(shape: Shape, text: string): boolean {
  if (!/^(true|false)$/i.test(text)) throw malformed(shape, text);
  return text.toLowerCase() === 'true';
}

/** Throws SerializationException when the text is no value of the shape. */
export function fromText(shape: Shape, text: string): unknown {
  switch (shape.kind) {
    case 'number':
      return readNumber(shape, text);
    case 'boolean':
      return readBoolean(shape, text);
    case 'timestamp':
      return readTimestamp(shape, text);
    case 'blob':
      return readBase64(text);
    case 'string':
    case 'document':
      return text;
    default:
      throw malformed(shape, text);
  }
}

/** `format`: how timestamps are written here when the model does not say. */
export function toText(shape: Shape, value: unknown, format: TimestampFormat): string {
  if (shape.kind === 'timestamp' && value instanceof Date) return writeTimestamp(shape.format ?? format, value);
  if (shape.kind === 'blob' && value instanceof Uint8Array) return writeBase64(value);
  if (shape.kind === 'number' && typeof value === 'number') return String(value);
  if (shape.kind === 'boolean' && typeof value === 'boolean') return String(value);
  if (shape.kind === 'string' && typeof value === 'string') return value;
  throw mismatch(shape, value);
}
