/** The two CRCs of S3's list that Node lacks, byte by byte from a table. Both are reflected, start at all ones and end inverted. */

const table32 = new Uint32Array(256);
const low64 = new Uint32Array(256);
const high64 = new Uint32Array(256);

/** Castagnoli's polynomial, reflected. */
const polynomial32 = 0x82f63b78;
/** The polynomial of the NVM Express specification, reflected: 0x9a6c9329ac4bc9b5. */
const polynomialHigh = 0x9a6c9329;
const polynomialLow = 0xac4bc9b5;

for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  let low = byte;
  let high = 0;
  for (let bit = 0; bit < 8; bit++) {
    crc = crc & 1 ? (crc >>> 1) ^ polynomial32 : crc >>> 1;
    const carry = low & 1;
    low = (low >>> 1) | ((high & 1) << 31);
    high >>>= 1;
    if (carry) {
      low ^= polynomialLow;
      high ^= polynomialHigh;
    }
  }
  table32[byte] = crc;
  low64[byte] = low;
  high64[byte] = high;
}

const at = (table: Uint32Array, index: number): number => table[index & 0xff] ?? 0;

/** CRC-32C of everything given to `update`; `digest` is four bytes, big-endian. */
export class Crc32c {
  #crc = 0xffffffff;

  update(chunk: Uint8Array): void {
    let crc = this.#crc;
    for (const byte of chunk) crc = at(table32, crc ^ byte) ^ (crc >>> 8);
    this.#crc = crc;
  }

  digest(): Buffer {
    const out = Buffer.alloc(4);
    out.writeUInt32BE(~this.#crc >>> 0);
    return out;
  }
}

/** CRC-64/NVME, in two halves because a JavaScript number holds no 64 bits; `digest` is eight bytes, big-endian. */
export class Crc64Nvme {
  #low = 0xffffffff;
  #high = 0xffffffff;

  update(chunk: Uint8Array): void {
    let low = this.#low;
    let high = this.#high;
    for (const byte of chunk) {
      const index = low ^ byte;
      low = ((low >>> 8) | (high << 24)) ^ at(low64, index);
      high = (high >>> 8) ^ at(high64, index);
    }
    this.#low = low;
    this.#high = high;
  }

  digest(): Buffer {
    const out = Buffer.alloc(8);
    out.writeUInt32BE(~this.#high >>> 0, 0);
    out.writeUInt32BE(~this.#low >>> 0, 4);
    return out;
  }
}
