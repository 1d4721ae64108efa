import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin, stop } from 'esbuild';

/** A module that looks for what lies beside it finds it where its source is. */
const ownUrls: Plugin = {
  name: 'own-urls',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/(?:jobs|lambdas|scripts|test)\/.*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      return { contents: `const urlOfSource = ${JSON.stringify(pathToFileURL(path).href)}; ${text}`, loader: 'ts' };
    }),
};

/**
 * Builds entry files and all that they import into JavaScript, `a.ts` to `a.mjs`, in a folder that has to lie below
 * node_modules. A process of tests that loads the SDK's clients from there starts with a fifth of the CPU: nothing is
 * compiled on the way, and a client's three hundred files are not looked for one by one. Errors still tell lines of sources.
 * Resolves with the files that went into it, from here.
 */
export async function buildTests(entryPoints: readonly string[], outdir: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [...entryPoints],
    outdir,
    outbase: resolve('.'),
    entryNames: '[name]',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    metafile: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    // Names of classes and functions stand in what is asserted.
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    external: ['esbuild', '@tktco/*', '@actions/*'],
    define: { 'import.meta.url': 'urlOfSource' },
    plugins: [ownUrls],
    logLevel: 'error',
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);",
    },
  });
  await stop();
  return Object.keys(metafile.inputs);
}
