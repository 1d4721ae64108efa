/** So much of a record is told where it is refused. */
export const mostTold = 1024 * 1024;

export const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();

/** The object of a record, or the beginning of its JSON. */
export const contentOf = (json: Uint8Array): unknown =>
  json.length > mostTold ? told(json, mostTold) : JSON.parse(textOf(json));

export function told(bytes: Uint8Array, most: number): string {
  return bytes.length > most ? `${textOf(bytes.subarray(0, most))}…` : textOf(bytes);
}
