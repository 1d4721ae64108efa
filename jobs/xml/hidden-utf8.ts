import { isAscii } from 'node:buffer';

/** Other text may look like a character of UTF-8, or two; three of them, and nothing else beyond ASCII before, no language has. */
const certainAfter = 3;

/**
 * Notices that a document is in UTF-8 although it declares an encoding of single bytes. Any bytes can be decoded by such
 * an encoding, so nothing else would tell: the text would come out as `KÃ¶ln`. Where the first three characters beyond
 * ASCII are whole characters of UTF-8, all of it is taken for that.
 */
export class HiddenUtf8 {
  #characters = 0;
  /** Bytes that the character still has to have. */
  #missing = 0;
  #isRuledOut = false;

  /** Where in the next bytes it becomes certain, the same place whatever the chunks; `undefined` where it does not. */
  certainAt(bytes: Uint8Array): number | undefined {
    if (this.#isRuledOut || (this.#missing === 0 && isAscii(bytes))) return undefined;
    for (const [at, byte] of bytes.entries()) {
      if (this.#missing === 0) {
        if (byte >= 0x80) this.#begin(byte);
      } else if (byte < 0x80 || byte > 0xbf) this.#isRuledOut = true;
      else if (--this.#missing === 0 && ++this.#characters === certainAfter) return at;
      if (this.#isRuledOut) return undefined;
    }
    return undefined;
  }

  /** The first byte of a character: https://www.rfc-editor.org/rfc/rfc3629#section-3 */
  #begin(byte: number): void {
    if (byte < 0xc2 || byte > 0xf4) this.#isRuledOut = true;
    else this.#missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  }
}
