import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { treeOf } from './tree.ts';

/** One run of a fake builder: how it was started, and what it found. */
export interface BuilderRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly stdin: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Of a build: path, contents and whether it is executable of everything in the folder it was given. */
  readonly context?: Readonly<Record<string, { readonly content: string; readonly executable: boolean }>>;
  /** What was in the credential file. */
  readonly credentials?: unknown;
}

export interface FakeBuilders {
  /** A PATH with these builders and nothing else. */
  readonly environment: NodeJS.ProcessEnv;
  runs(): Promise<BuilderRun[]>;
}

/** Writes down how it was started, and tells the world its standard input, as no builder should. */
const recorder = `
const { appendFileSync, existsSync, readdirSync, readFileSync, statSync } = require('node:fs');
const { basename, join } = require('node:path');
const [, , path, ...args] = process.argv;
const stdin = args[0] === 'login' ? readFileSync(0, 'utf8') : '';
const folder = args.at(-1);
const files = () => Object.fromEntries(readdirSync(folder, { recursive: true })
  .filter((name) => statSync(join(folder, name)).isFile())
  .map((name) => [name, { content: readFileSync(join(folder, name), 'utf8'), executable: (statSync(join(folder, name)).mode & 0o100) !== 0 }]));
const file = process.env.REGISTRY_AUTH_FILE;
appendFileSync(join(__dirname, 'runs'), JSON.stringify({
  program: basename(path), args, stdin, environment: process.env,
  ...(args[0] === 'build' && { context: files() }),
  ...(file !== undefined && existsSync(file) && { credentials: JSON.parse(readFileSync(file, 'utf8')) }),
}) + '\\n');
if (stdin !== '') console.log('got ' + stdin);
`;

/** Programs of the given names on a PATH of their own; each records its run, and then does what its shell script says. */
export async function fakeBuilders(
  test: TestContext,
  scripts: Readonly<Record<string, string>>,
): Promise<FakeBuilders> {
  const program = (script: string): string =>
    `#!/bin/sh\n"${process.execPath}" "$(/usr/bin/dirname "$0")/../recorder.cjs" "$0" "$@"\n${script}\n`;
  const root = await treeOf(test, {
    'recorder.cjs': recorder,
    runs: '',
    'bin/nothing': '',
    ...Object.fromEntries(Object.entries(scripts).map(([name, script]) => [`bin/${name}*`, program(script)])),
  });
  return {
    environment: { PATH: join(root, 'bin'), HOME: root, FOLDER: root },
    runs: async () => {
      const lines = (await readFile(join(root, 'runs'), 'utf8')).split('\n').filter((line) => line !== '');
      return lines.map((line) => JSON.parse(line));
    },
  };
}
