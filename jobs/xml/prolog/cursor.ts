/** What is wrong with a text, and at which of its UTF-16 code units. */
export class Malformed extends Error {
  override name = 'Malformed';
  readonly at: number;

  constructor(reason: string, at: number) {
    super(reason);
    this.at = at;
  }
}

/** The text ends before what is read does, and more of it is still to come. */
export class Unfinished extends Error {
  override name = 'Unfinished';
}

const forbidden = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** https://www.w3.org/TR/xml/#NT-NameStartChar and NT-NameChar, fifth edition. */
const nameStart =
  ':A-Z_a-z\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}';
const nameRest = `${nameStart}\\-.0-9\\xb7\\u0300-\\u036f\\u203f\\u2040`;
export const namePattern = `[${nameStart}][${nameRest}]*`;
const namePart = new RegExp(namePattern, 'uy');
const tokenPart = new RegExp(`[${nameRest}]+`, 'uy');
const space = /[ \t\r\n]+/y;

/** Reads a text from its beginning on. Every method throws Malformed, or Unfinished where more of the text is to come. */
export class Cursor {
  readonly text: string;
  readonly #isWhole: boolean;
  /** Where a forbidden character stands: as far as the text is read. */
  readonly #limit: number;
  at = 0;

  constructor(text: string, isWhole: boolean) {
    this.#limit = forbidden.exec(text)?.index ?? text.length;
    this.#isWhole = isWhole || this.#limit < text.length;
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at === this.#limit && this.#isWhole && this.#limit === this.text.length;
  }

  fail(reason: string, at = this.at): never {
    throw new Malformed(reason, at);
  }

  /** Whether this stands here. */
  sees(literal: string): boolean {
    if (this.text.startsWith(literal, this.at) && this.at + literal.length <= this.#limit) return true;
    const left = this.text.slice(this.at, this.#limit);
    if (left.length < literal.length && literal.startsWith(left)) this.#runOut();
    return false;
  }

  /** Passes this where it stands here. */
  passes(literal: string): boolean {
    const isHere = this.sees(literal);
    if (isHere) this.at += literal.length;
    return isHere;
  }

  expect(literal: string, what = `"${literal}"`): void {
    if (!this.passes(literal)) this.fail(`${what} is expected`);
  }

  /** Passes the longest match of a sticky pattern. */
  match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found = ''] = pattern.exec(this.text) ?? [];
    if (this.at + found.length >= this.#limit) this.#runOut(found.length);
    this.at += found.length;
    return found;
  }

  skipSpace(): boolean {
    return this.match(space) !== '';
  }

  expectSpace(): void {
    if (!this.skipSpace()) this.fail('white space is expected');
  }

  name(): string {
    return this.match(namePart) || this.fail('a name is expected');
  }

  token(): string {
    return this.match(tokenPart) || this.fail('a name token is expected');
  }

  /** Passes everything up to the literal, and the literal. */
  until(literal: string): string {
    const end = this.text.indexOf(literal, this.at);
    if (end < 0 || end + literal.length > this.#limit) {
      this.#runOut(this.#limit - this.at);
      this.fail(`"${literal}" is expected`, this.#limit);
    }
    const passed = this.text.slice(this.at, end);
    this.at = end + literal.length;
    return passed;
  }

  /** What stands between quotes here. */
  quoted(): string {
    for (const quote of ['"', "'"]) if (this.passes(quote)) return this.until(quote);
    return this.fail('a quote is expected');
  }

  /** The text ends so many characters on, and what is being read does not. */
  #runOut(ahead = 0): void {
    if (!this.#isWhole) throw new Unfinished();
    const at = Math.min(this.at + ahead, this.#limit);
    if (this.#limit === this.text.length) return;
    if (at >= this.#limit) this.fail(forbiddenCharacter(this.text.codePointAt(this.#limit) ?? 0), this.#limit);
  }
}

export const forbiddenCharacter = (point: number): string =>
  `the character U+${point.toString(16).toUpperCase().padStart(4, '0')} is not allowed in XML`;
