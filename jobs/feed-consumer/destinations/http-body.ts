/** The body of a request, in pieces that are made when they are sent. */
export interface HttpBody {
  readonly length: number;
  pieces(): Iterable<Uint8Array>;
}

/** So much is handed to a connection at once: one that is encrypted copies what waits. */
const pieceBytes = 1024 * 1024;

/** NDJSON as it is. */
export const linesBody = (ndjson: Uint8Array): HttpBody => ({
  length: ndjson.length,
  *pieces() {
    for (let at = 0; at < ndjson.length; at += pieceBytes) yield ndjson.subarray(at, at + pieceBytes);
  },
});

/** NDJSON as one array. JSON has no newline but those between the lines, so that they can become the commas. */
export const arrayBody = (ndjson: Uint8Array): HttpBody => ({
  length: ndjson.length + 1,
  *pieces() {
    for (let at = 0; at < ndjson.length; at += pieceBytes) {
      const lines = ndjson.subarray(at, at + pieceBytes);
      const isFirst = at === 0;
      const piece = Buffer.allocUnsafe(lines.length + Number(isFirst));
      piece[0] = 0x5b;
      piece.set(lines, Number(isFirst));
      for (let end = piece.indexOf(0x0a); end >= 0; end = piece.indexOf(0x0a, end + 1)) piece[end] = 0x2c;
      // In the place of the last comma.
      if (at + lines.length === ndjson.length) piece[piece.length - 1] = 0x5d;
      yield piece;
    }
  },
});
