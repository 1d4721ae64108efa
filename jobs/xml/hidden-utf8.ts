import { isAscii } from 'node:buffer';
import type { Position } from './feed-error.ts';

/** What the bytes beyond ASCII are in an encoding, by which its text looks like UTF-8 more or less often. */
export type Letters = 'Latin' | 'other' | 'of several bytes';

/**
 * From how many characters of UTF-8 on, and how many different ones, it is UTF-8 where there is nothing else beyond ASCII
 * in a document. A word that is repeated has looked like it only once: the same character again and again is not enough.
 *
 * Latin and other letters, in single bytes: what begins a character of UTF-8 is a capital there (in KOI8-R a small letter),
 * and what goes on with it a sign or one of a few rare letters: `NESCAFÉ®`, `SPÓŁKA`, `Ні`. Almost any small letter with an
 * accent and any longer word of Cyrillic or Greek rules it out. Three of these and no other word in a document are none.
 *
 * Several bytes: any kana rules it out. Of the common characters of GBK one in six looks like UTF-8, of EUC-JP one in seven,
 * of EUC-KR one in eleven, of others fewer. Eight of them and no other are one in a million.
 */
const certain: Readonly<Record<Letters, { readonly characters: number; readonly different: number }>> = {
  Latin: { characters: 3, different: 2 },
  other: { characters: 3, different: 2 },
  'of several bytes': { characters: 8, different: 3 },
};

/**
 * Latin letters and signs in UTF-8 begin with what is `Â`, `Ã`, `Ä` or `Å` in a Latin encoding, dashes and quotation marks
 * with `â`. Hardly a word has these as capitals before a sign, so a single one of them is enough.
 */
const latinLeads: ReadonlySet<number> = new Set([0xc2, 0xc3, 0xc4, 0xc5, 0xe2]);

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Notices that a document is in UTF-8 although it declares another encoding. Decoded by that it may come out as `KÃ¶ln`,
 * and nothing else would tell. All of its bytes beyond ASCII must be sound UTF-8, up to its end; where any bytes at all
 * can be decoded by what it declares, it is certain earlier.
 */
export class HiddenUtf8 {
  readonly #letters: Letters;
  readonly #isCertainEarlier: boolean;
  #isRuledOut = false;
  /** Where the first character is, when it has come; before that, where the next byte is. All before it is ASCII. */
  readonly #first = { line: 1, column: 1, offset: 0 };
  #hasBegun = false;
  #afterReturn = false;
  /** Bytes that the character still has to have, the bounds of the next one, and those it has. */
  #missing = 0;
  #least = 0x80;
  #most = 0xbf;
  #character = 0;
  #characters = 0;
  readonly #different = new Set<number>();
  #hasLatin = false;

  constructor(letters: Letters, isCertainEarlier: boolean) {
    this.#letters = letters;
    this.#isCertainEarlier = isCertainEarlier;
  }

  /** Where the first character beyond ASCII is. */
  get first(): Position {
    return this.#first;
  }

  /** Where in the next bytes it becomes certain, the same place whatever the chunks; `undefined` where it does not. */
  certainAt(bytes: Uint8Array): number | undefined {
    if (this.#isRuledOut) return undefined;
    if (this.#missing === 0 && isAscii(bytes)) {
      if (!this.#hasBegun) this.#pass(bytes);
      return undefined;
    }
    const from = this.#hasBegun ? 0 : bytes.findIndex((byte) => byte >= 0x80);
    if (!this.#hasBegun) this.#pass(bytes.subarray(0, from));
    this.#hasBegun = true;
    for (let at = from; at < bytes.length; at++) {
      const isWhole = this.#see(bytes[at] ?? 0);
      if (this.#isRuledOut) return undefined;
      if (isWhole && this.#isCertainEarlier && this.#isCertain()) return at;
    }
    return undefined;
  }

  /** Whether it is certain where the document has come to its end. */
  isCertainAtEnd(): boolean {
    if (this.#isRuledOut || this.#missing > 0) return false;
    return this.#isCertain() || (this.#letters === 'Latin' && this.#hasLatin);
  }

  #isCertain(): boolean {
    const { characters, different } = certain[this.#letters];
    const isVaried = this.#different.size >= different || (this.#letters === 'Latin' && this.#hasLatin);
    return this.#characters >= characters && isVaried;
  }

  /** Counts bytes of ASCII. To look for the ends of lines alone is many times as fast as to look at each byte. */
  #pass(ascii: Uint8Array): void {
    const first = this.#first;
    let lineBegin = 0;
    for (const at of placesOf(lineFeed, ascii)) {
      if (at === 0 ? !this.#afterReturn : ascii[at - 1] !== carriageReturn) first.line++;
      lineBegin = at + 1;
    }
    for (const at of placesOf(carriageReturn, ascii)) {
      first.line++;
      lineBegin = Math.max(lineBegin, at + 1);
    }
    first.column = ascii.length - lineBegin + (lineBegin === 0 ? first.column : 1);
    first.offset += ascii.length;
    if (ascii.length > 0) this.#afterReturn = ascii.at(-1) === carriageReturn;
  }

  /** Whether the byte completes a character. */
  #see(byte: number): boolean {
    if (this.#missing === 0) {
      if (byte >= 0x80) this.#begin(byte);
      return false;
    }
    if (byte < this.#least || byte > this.#most) this.#isRuledOut = true;
    this.#least = 0x80;
    this.#most = 0xbf;
    this.#character = this.#character * 0x100 + byte;
    if (--this.#missing > 0) return false;
    this.#characters++;
    if (this.#different.size < certain[this.#letters].different) this.#different.add(this.#character);
    return true;
  }

  /** The first byte of a character, which for some says more of the second: https://www.rfc-editor.org/rfc/rfc3629#section-4 */
  #begin(byte: number): void {
    if (byte < 0xc2 || byte > 0xf4) this.#isRuledOut = true;
    this.#missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    if (byte === 0xe0) this.#least = 0xa0;
    if (byte === 0xed) this.#most = 0x9f;
    if (byte === 0xf0) this.#least = 0x90;
    if (byte === 0xf4) this.#most = 0x8f;
    this.#character = byte;
    this.#hasLatin ||= latinLeads.has(byte);
  }
}

function* placesOf(byte: number, bytes: Uint8Array): Generator<number> {
  for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) yield at;
}
