import type { Body } from './destination.ts';

/** Bytes as they are. */
export const bytesBody = (bytes: Uint8Array): Body => ({
  length: bytes.length,
  async *pieces() {
    yield bytes;
  },
});

/** NDJSON as one array. JSON has no newline but those between the lines, so that they can become the commas. */
export const arrayBody = (ndjson: Body): Body => ({
  length: ndjson.length + 1,
  async *pieces() {
    let left = ndjson.length;
    for await (const lines of ndjson.pieces()) {
      const isFirst = left === ndjson.length;
      left -= lines.length;
      const piece = Buffer.allocUnsafe(lines.length + Number(isFirst));
      piece[0] = 0x5b;
      piece.set(lines, Number(isFirst));
      for (let end = piece.indexOf(0x0a); end >= 0; end = piece.indexOf(0x0a, end + 1)) piece[end] = 0x2c;
      // In the place of the last comma.
      if (left === 0) piece[piece.length - 1] = 0x5d;
      yield piece;
    }
  },
});
