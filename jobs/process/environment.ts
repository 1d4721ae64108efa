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
      this.#refuse(name, value === '' ? 'is missing' : `"${value}" must match ${String(pattern)}`);
    return value;
  }

  url(name: string): URL {
    const value = this.text(name);
    if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return new URL(value);
    if (value !== '') this.#refuse(name, `"${value}" must be an http or https URL`);
    return new URL('http://invalid.invalid');
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#variables[name] ?? '';
    if (value !== '' && value !== 'true' && value !== 'false') this.#refuse(name, `"${value}" must be true or false`);
    return value === '' ? fallback : value === 'true';
  }

  /** A whole number between two bounds, both allowed. */
  count(name: string, fallback: number, least: number, most: number): number {
    const value = this.#variables[name] ?? '';
    if (value === '') return fallback;
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most)
      this.#refuse(name, `"${value}" must be a whole number from ${least} to ${most}`);
    return number;
  }

  /** Throws one JobError for everything that was wrong with the variables read so far. */
  check(): void {
    if (this.#problems.length === 0) return;
    throw new JobError(
      `reading the job's environment: ${this.#problems.join('; ')}; set it in config/job-definitions.yaml or in the submission`,
    );
  }

  #refuse(name: string, problem: string): void {
    this.#problems.push(`${name} ${problem}`);
  }
}
