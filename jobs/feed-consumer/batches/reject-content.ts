/** Bytes of a record that are told where it is refused. */
export const mostTold = 1024 * 1024;

export const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();

/** What is told of a record, as JSON: the record itself, or the beginning of its JSON as a text. */
export const contentOf = (json: Uint8Array): Uint8Array => (json.length > mostTold ? toldText(json, mostTold) : json);

/** A text, or the beginning of it, as JSON: in pieces, since strings of a megabyte leave much behind. */
export function toldText(bytes: Uint8Array, most: number): Uint8Array {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const told = bytes.subarray(0, most);
  const pieces: Uint8Array[] = [quote];
  for (let at = 0; at < told.length; at += pieceBytes)
    pieces.push(escaped(decoder.decode(told.subarray(at, at + pieceBytes), { stream: true })));
  pieces.push(escaped(`${decoder.decode()}${bytes.length > most ? '…' : ''}`), quote);
  return Buffer.concat(pieces);
}

const quote = Buffer.from('"');
const pieceBytes = 64 * 1024;

/** As it stands between the quotes. */
const escaped = (text: string): Uint8Array => Buffer.from(JSON.stringify(text)).subarray(1, -1);
