import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const tsx = resolve('node_modules/tsx/dist/esm/index.mjs');

/** Node takes TypeScript as it is from 22.18 on; the workflows have 24. */
const takesTypeScript = Number(process.versions.node.split('.')[0]) >= 24;

/** The commands that steps run. */
const commands = ['bootstrap', 'reconcile', 'trigger'] as const;

/** A command as one file loads in a third of the time, and steps run more than twenty. */
function bundleCommands(folder: string): void {
  mkdirSync(folder);
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  buildSync({
    entryPoints: commands.map((name) => `scripts/${name}.ts`),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['esbuild'],
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);",
    },
    logLevel: 'error',
  });
}

function programHere(name: string): string {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error(`looking for ${name}: it is nowhere in PATH`);
  return found;
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
  const bundles = join(folder, 'commands');
  bundleCommands(bundles);
  program(
    'npm',
    `if [ "$1" = ci ]; then exec ln -s "${resolve('node_modules')}" node_modules; fi`,
    `exec "${programHere('npm')}" "$@"`,
  );
  const bundled = commands.map(
    (name) => `"--import tsx/esm scripts/${name}.ts") shift 3; set -- "${bundles}/${name}.mjs" "$@" ;;`,
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
