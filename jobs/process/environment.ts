import { hasReadableUser } from './address-user.ts';
import { JobError } from './job-error.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads a job's settings from its environment and complains of everything that is wrong at once. */
export class Environment {
  readonly #variables: Variables;
  readonly #problems: string[] = [];

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  text(name: string, pattern: RegExp = /./s): string {
    const value = this.#variables[name] ?? '';
    if (!pattern.test(value))
      this.refuse(name, value === '' ? 'is missing' : `"${value}" must match ${String(pattern)}`);
    return value;
  }

  /** `undefined` when the variable is not set, or empty. */
  optionalText(name: string, pattern: RegExp): string | undefined {
    return (this.#variables[name] ?? '') === '' ? undefined : this.text(name, pattern);
  }

  /** As `optionalText`, but no complaint tells the value. */
  secret(name: string, pattern: RegExp): string | undefined {
    const value = this.#variables[name] ?? '';
    if (value === '') return undefined;
    if (!pattern.test(value)) this.refuse(name, `must match ${String(pattern)}; its value is a secret and not shown`);
    return value;
  }

  url(name: string, schemes: readonly string[] = ['http:', 'https:']): URL {
    const value = this.text(name);
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (url !== undefined && schemes.includes(url.protocol)) {
      if (!hasReadableUser(url)) this.refuse(name, 'must have each "%" of its user and password written as "%25"');
      return url;
    }
    const known = schemes.map((scheme) => scheme.replace(':', '')).join(', ');
    // What else an address holds may be a secret.
    const shown = url === undefined ? 'is no URL; it' : `"${url.protocol}//${url.host}…"`;
    if (value !== '') this.refuse(name, `${shown} must begin with one of: ${known}`);
    return new URL('http://invalid.invalid');
  }

  /** One of a few words, the first of them when the variable is not set. */
  choice<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
    const value = this.#variables[name] ?? '';
    const chosen = words.find((word) => word === value);
    if (chosen === undefined && value !== '') this.refuse(name, `"${value}" must be one of: ${words.join(', ')}`);
    return chosen ?? words[0];
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#variables[name] ?? '';
    if (value !== '' && value !== 'true' && value !== 'false') this.refuse(name, `"${value}" must be true or false`);
    return value === '' ? fallback : value === 'true';
  }

  /** A whole number between two bounds, both allowed. */
  count(name: string, fallback: number, least: number, most: number): number {
    const value = this.#variables[name] ?? '';
    if (value === '') return fallback;
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most)
      this.refuse(name, `"${value}" must be a whole number from ${least} to ${most}`);
    return number;
  }

  /** `undefined` when the variable is not set, or empty. */
  optionalCount(name: string, least: number, most: number): number | undefined {
    return (this.#variables[name] ?? '') === '' ? undefined : this.count(name, least, least, most);
  }

  /** Throws one JobError for everything that was wrong with the variables read so far. */
  check(): void {
    if (this.#problems.length === 0) return;
    throw new JobError(
      `reading the job's environment: ${this.#problems.join('; ')}; set it in config/job-definitions.yaml or in the submission`,
    );
  }

  /** Complains of a variable whose own value may be well-formed. */
  refuse(name: string, problem: string): void {
    this.#problems.push(`${name} ${problem}`);
  }
}
