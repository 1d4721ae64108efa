import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

type Script = 'local' | 'reconcile';

const built = new Map<Script, string>();

/**
 * A script and all that it imports in a few files, built once for each process of tests. It starts with a third of the
 * CPU: nothing is compiled on the way, and a client's three hundred files are not looked for one by one.
 */
export function builtScript(script: Script): string {
  const known = built.get(script);
  if (known !== undefined) return known;
  // Below node_modules, where what is left outside is found.
  const folder = mkdtempSync(resolve('node_modules', '.built-'));
  process.on('exit', () => rmSync(folder, { recursive: true }));
  buildSync({
    entryPoints: [`scripts/${script}.ts`],
    outdir: folder,
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
  cpSync('scripts/local-aws/services/lambda/bootstrap.mjs', join(folder, 'bootstrap.mjs'));
  const file = join(folder, `${script}.mjs`);
  built.set(script, file);
  return file;
}
