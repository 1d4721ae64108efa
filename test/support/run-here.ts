import type { TestContext } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { failureText } from '../../scripts/control/failure.ts';

/** What a command printed before it ended, and what the entry point would print of its error. */
export interface Done {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What the shell has, until the test ends: such as the embedded AWS as the one that is asked, and keys. */
export function variables(t: TestContext, given: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(given)) {
    const before = process.env[name];
    process.env[name] = value;
    t.after(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
}

/** What is printed from now on, instead of to where the tests are told about. */
function printedFrom(t: TestContext) {
  const text = { out: '', err: '' };
  const write = process.stdout.write.bind(process.stdout);
  const mocks = [
    t.mock.method(console, 'log', (line: string) => {
      text.out += `${line}\n`;
    }),
    t.mock.method(console, 'error', (line: string) => {
      text.err += `${line}\n`;
    }),
    // The runner's own reports pass: they are bytes.
    t.mock.method(process.stdout, 'write', (chunk: string | Uint8Array) => {
      if (typeof chunk !== 'string') return write(chunk);
      text.out += chunk;
      return true;
    }),
    t.mock.method(process.stderr, 'write', (chunk: string) => {
      text.err += chunk;
      return true;
    }),
  ];
  const end = () => {
    for (const { mock } of mocks) mock.restore();
    return { out: stripVTControlCharacters(text.out), err: stripVTControlCharacters(text.err) };
  };
  return { end };
}

/** Runs a command in this process, since one of its own takes a second. */
export async function runHere(t: TestContext, command: () => Promise<void>): Promise<Done> {
  const printed = printedFrom(t);
  // The runner has set it where a test before this one failed.
  const before = process.exitCode;
  process.exitCode = undefined;
  const error = await command().then(
    () => '',
    (error: unknown) => failureText(error),
  );
  const { out, err } = printed.end();
  const code = Number(process.exitCode ?? (error === '' ? 0 : 1));
  process.exitCode = before;
  return { code, out, err: `${error}${err}` };
}
