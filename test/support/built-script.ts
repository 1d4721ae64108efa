import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** The variable by which run.ts tells the processes of tests where the commands are built. */
export const builtScriptsVariable = 'BATON_BUILT_SCRIPTS';

/**
 * A command of scripts/, each with all that it imports in a few files, built once for each run of tests. It starts with a
 * third of the CPU: nothing is compiled on the way, and a client's three hundred files are not looked for one by one.
 */
export function builtScript(command: string): string {
  const folder = process.env[builtScriptsVariable];
  if (folder === undefined) throw new Error(`starting ${command}: it is not built; run tests by npm run test:all`);
  return join(folder, `${command}-command.mjs`);
}

/** Into a folder that has to lie below node_modules. */
export function buildScripts(into: string): void {
  buildSync({
    entryPoints: readdirSync('scripts')
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join('scripts', file)),
    outdir: into,
    // A name apart from the file beside them: there is a command called bootstrap as well.
    entryNames: '[name]-command',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // What a command loads when it is run stays apart.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['esbuild'],
    logLevel: 'error',
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);",
    },
  });
  // The one file that is found by where it lies, and not imported.
  cpSync('scripts/local-aws/services/lambda/bootstrap.mjs', join(into, 'bootstrap.mjs'));
}
