/** What is wrong with one field of a JSON document. */
export interface Problem {
  /** The names that lead to the field, the outermost first. */
  readonly path: readonly string[];
  /** Goes on after the field: `must be true or false`. */
  readonly problem: string;
  /** What is there, as people read it, where the problem does not tell: `"yes"`, `absent`. */
  readonly found?: string;
  /** The field has no business to be there, whatever its value. */
  readonly isUnknown?: boolean;
}

/** `"fields.title.required" must be true or false, not "yes"`. */
export const sentenceOf = ({ path, problem, found }: Problem): string =>
  `"${path.join('.')}" ${problem}${found === undefined ? '' : `, not ${found}`}`;

/** Every reason why a JSON text is not the document that a contract asks for. */
export class ContractError extends Error {
  override name = 'ContractError';
  /** One by one, where the text is a JSON object. */
  readonly problems: readonly Problem[];

  constructor(message: string, problems: readonly Problem[] = []) {
    super(message);
    this.problems = problems;
  }
}

/**
 * Reads the fields of one JSON object by hand and collects everything wrong with it, so that the sender sees all of it
 * at once. A schema library would be several times the size of the rest of a Lambda's bundle.
 */
export class JsonFields {
  readonly #what: string;
  readonly #fields: ReadonlyMap<string, unknown>;
  readonly #problems: Problem[];
  readonly #path: readonly string[];

  /** Problems may be collected elsewhere, where this object has a path. */
  constructor(what: string, value: unknown, problems: Problem[] = [], path: readonly string[] = []) {
    this.#what = what;
    this.#problems = problems;
    this.#path = path;
    if (!isObject(value)) throw new ContractError(`${what} must be a JSON object, not ${shown(value)}`);
    this.#fields = new Map(Object.entries(value));
  }

  /** Throws ContractError when the text is not one JSON object. */
  static parse(what: string, text: string): JsonFields {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new ContractError(`${what} is not JSON: ${String(error)}; it begins with ${shown(text)}`);
    }
    return new JsonFields(what, value);
  }

  has(name: string): boolean {
    return this.#fields.get(name) !== undefined;
  }

  /** An object inside this one, or `undefined` when the field is absent. */
  object(name: string): JsonFields | undefined {
    return this.has(name) ? new JsonFields(`"${name}" of ${this.#what}`, this.#fields.get(name)) : undefined;
  }

  /** The objects that an object inside this one holds, by name; what is wrong with them is collected here. */
  entries(name: string): ReadonlyMap<string, JsonFields> {
    const value = this.#fields.get(name) ?? {};
    if (isObject(value)) return new Map(Object.entries(value).flatMap(([key, each]) => this.#entry(name, key, each)));
    this.#expected(name, 'an object', value);
    return new Map();
  }

  #entry(name: string, key: string, value: unknown): [string, JsonFields][] {
    const path = [...this.#path, name, key];
    if (isObject(value)) return [[key, new JsonFields(`"${name}.${key}"`, value, this.#problems, path)]];
    this.#problems.push({ path, problem: 'must be an object', found: shown(value) });
    return [];
  }

  /** People write these fields, so a name that means nothing is a mistake and not a later version. */
  only(...known: readonly string[]): void {
    for (const name of this.#fields.keys())
      if (!known.includes(name))
        this.complain([name], `means nothing; known are ${known.join(', ')}`, { isUnknown: true });
  }

  /** A mistake that only the reader of the document can see. The path leads from here; none is this object. */
  complain(path: readonly string[], problem: string, more: Pick<Problem, 'found' | 'isUnknown'> = {}): void {
    this.#problems.push({ path: [...this.#path, ...path], problem, ...more });
  }

  /** `expected` says in words what the pattern means, where people write the field. */
  text(name: string, pattern: RegExp = /./s, expected = `a string that matches ${String(pattern)}`): string {
    const value = this.#fields.get(name);
    if (typeof value === 'string' && pattern.test(value)) return value;
    this.#expected(name, expected, value);
    return '';
  }

  optionalText(name: string, pattern?: RegExp, expected?: string): string | undefined {
    return this.has(name) ? this.text(name, pattern, expected) : undefined;
  }

  /** A list of at least one text; none when it is not one. */
  texts(name: string): readonly string[] {
    const value: unknown = this.#fields.get(name);
    const isText = (each: unknown): each is string => typeof each === 'string';
    if (Array.isArray(value) && value.length > 0 && value.every(isText)) return value;
    this.#expected(name, 'a list of texts', value);
    return [];
  }

  /** One of a few words; the first of them where it is none of them. */
  choice<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
    const value = this.#fields.get(name);
    const chosen = words.find((word) => word === value);
    if (chosen === undefined) this.#expected(name, `one of ${words.join(', ')}`, value);
    return chosen ?? words[0];
  }

  flag(name: string): boolean {
    const value = this.#fields.get(name);
    if (typeof value !== 'boolean') this.#expected(name, 'true or false', value);
    return value === true;
  }

  count(name: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
    const value = this.#fields.get(name);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    const bound = most === Number.MAX_SAFE_INTEGER ? 'on' : `to ${most}`;
    this.#expected(name, `a whole number from ${least} ${bound}`, value);
    return least;
  }

  optionalCount(name: string, least?: number, most?: number): number | undefined {
    return this.has(name) ? this.count(name, least, most) : undefined;
  }

  /** A list of so many whole numbers from 0 on; none when it is not one. */
  counts(name: string, length: number): readonly number[] {
    const value: unknown = this.#fields.get(name);
    const isCount = (each: unknown): each is number =>
      typeof each === 'number' && Number.isSafeInteger(each) && each >= 0;
    if (Array.isArray(value) && value.length === length && value.every(isCount)) return value;
    this.#expected(name, `a list of ${length} whole numbers from 0 on`, value);
    return [];
  }

  /** The objects of a list; none when it is not one, or is empty. */
  objects(name: string): readonly JsonFields[] {
    const value = this.#fields.get(name);
    if (Array.isArray(value) && value.length > 0)
      return value.map((each, at) => new JsonFields(`"${name}[${at}]" of ${this.#what}`, each));
    this.#expected(name, 'a list with something in it', value);
    return [];
  }

  /** A later version may mean other things by the same names, so it is refused and never guessed at. */
  version(supported: number): void {
    const value = this.#fields.get('version');
    if (value !== supported) this.#expected('version', `${supported} (deploy both sides of the contract)`, value);
  }

  /** Throws one ContractError with everything that was wrong with the fields read so far. */
  check(): void {
    if (this.#problems.length === 0) return;
    const sentences = this.#problems.map(sentenceOf).join('; ');
    throw new ContractError(`${this.#what} is invalid: ${sentences}`, this.#problems);
  }

  #expected(name: string, expected: string, value: unknown): void {
    this.complain([name], `must be ${expected}`, { found: shown(value) });
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function shown(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
