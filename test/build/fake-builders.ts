import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { treeOf } from './tree.ts';

/** One run of a fake builder: how it was started, and what it found. */
interface BuilderRun {
  readonly args: readonly string[];
  readonly stdin: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Of a build: contents of every file in the folder it was given, by path; `*` follows what is executable. */
  readonly context: Readonly<Record<string, string>>;
  /** What was in the credential file that it was pointed to. */
  readonly credentials: unknown;
}

export interface FakeBuilders {
  /** A PATH with these builders and nothing else; FOLDER is theirs to write to. */
  readonly environment: NodeJS.ProcessEnv;
  /** In order. */
  runs(): Promise<BuilderRun[]>;
}

/** Writes down how it was started, and tells the world its standard input, as no builder should. */
const recorder = `
n=0
while ! /bin/mkdir "$FOLDER/runs/$n" 2>/dev/null; do n=$((n+1)); done
run="$FOLDER/runs/$n"
printf '%s\\n' "$@" > "$run/args"
/usr/bin/env > "$run/environment"
if [ "$1" = login ]; then stdin=$(/bin/cat); printf '%s' "$stdin" > "$run/stdin"; echo "got $stdin"; fi
for last in "$@"; do :; done
if [ -f "$last/Dockerfile" ]; then /bin/cp -R "$last" "$run/context"; fi
if [ -f "$REGISTRY_AUTH_FILE" ]; then /bin/cp "$REGISTRY_AUTH_FILE" "$run/credentials"; fi
`;

/** Programs of the given names on a PATH of their own; each records its run, and then does what its shell script says. */
export async function fakeBuilders(
  test: TestContext,
  scripts: Readonly<Record<string, string>>,
): Promise<FakeBuilders> {
  const programs = Object.entries(scripts).map(([name, script]) => [`bin/${name}*`, `#!/bin/sh${recorder}${script}\n`]);
  const root = await treeOf(test, Object.fromEntries(programs));
  const runs = join(root, 'runs');
  await mkdir(runs);
  return {
    environment: { PATH: join(root, 'bin'), HOME: root, FOLDER: root },
    runs: async () => Promise.all((await readdir(runs)).sort().map((run) => readRun(join(runs, run)))),
  };
}

async function readRun(folder: string): Promise<BuilderRun> {
  const read = async (name: string): Promise<string> =>
    existsSync(join(folder, name)) ? readFile(join(folder, name), 'utf8') : '';
  const lines = async (name: string): Promise<string[]> => (await read(name)).split('\n').slice(0, -1);
  return {
    args: await lines('args'),
    stdin: await read('stdin'),
    environment: Object.fromEntries((await lines('environment')).map((line) => line.split(/=(.*)/s, 2))),
    context: await filesIn(join(folder, 'context')),
    credentials: JSON.parse((await read('credentials')) || 'null'),
  };
}

async function filesIn(folder: string, prefix = ''): Promise<Record<string, string>> {
  if (!existsSync(folder)) return {};
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) Object.assign(found, await filesIn(path, `${prefix}${entry.name}/`));
    else
      found[`${prefix}${basename(path)}${((await stat(path)).mode & 0o100) === 0 ? '' : '*'}`] = await readFile(
        path,
        'utf8',
      );
  }
  return found;
}
