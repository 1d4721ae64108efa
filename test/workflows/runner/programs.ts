import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { z } from 'zod';
import { builtScript } from '../../support/built-script.ts';

const tsx = resolve('node_modules/tsx/dist/esm/index.mjs');

/** Node takes TypeScript as it is from 22.18 on; the workflows have 24. */
const takesTypeScript = Number(process.versions.node.split('.')[0]) >= 24;

/** The commands that steps run. */
const commands = ['bootstrap', 'reconcile', 'trigger'] as const;

function programHere(name: string): string {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error(`looking for ${name}: it is nowhere in PATH`);
  return found;
}

const Package = z.object({ scripts: z.record(z.string(), z.string()) });

/** npm takes a quarter of a second of CPU to start what package.json says. `trigger` goes through it: exit codes, too. */
function startedWithoutNpm(): readonly string[] {
  const { scripts } = Package.parse(JSON.parse(readFileSync('package.json', 'utf8')));
  return commands
    .filter((name) => name !== 'trigger')
    .map((name) => `"run --silent ${name} --") shift 4; exec ${scripts[name] ?? ''} "$@" ;;`);
}

/**
 * Programs that steps find before those of this machine: `npm ci` is a link to the packages that are here; node starts the
 * bundle of a command in the place of its file, and learns to read TypeScript where it is too old to.
 */
export function writePrograms(folder: string): void {
  const program = (name: string, ...lines: readonly string[]): void => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${lines.join('\n')}\n`);
    chmodSync(file, 0o755);
  };
  mkdirSync(folder);
  program(
    'npm',
    `if [ "$1" = ci ]; then exec ln -s "${resolve('node_modules')}" node_modules; fi`,
    'case "$1 $2 $3 $4" in',
    ...startedWithoutNpm(),
    'esac',
    `exec "${programHere('npm')}" "$@"`,
  );
  const bundled = commands.map(
    (name) => `"--import tsx/esm scripts/${name}.ts") shift 3; set -- "${builtScript(name)}" "$@" ;;`,
  );
  program(
    'node',
    'case "$1 $2 $3" in',
    ...bundled,
    'esac',
    ...(takesTypeScript ? [] : [`case "$1" in *.ts) set -- --import "${tsx}" "$@" ;; esac`]),
    `exec "${process.execPath}" "$@"`,
  );
}
