import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { type BuildOptions, build, type Plugin, stop } from 'esbuild';
import { keepBundle, keptBundle } from './kept-bundles.ts';

/** Builds asked for. esbuild runs one child process for all of them; the last one to finish stops it. */
let wanted = 0;

/** One build after the other: together they would take twice the memory, and esbuild uses every core for one. */
let last: Promise<unknown> = Promise.resolve();

function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const turn = last.then(task);
  last = turn.catch(() => undefined);
  return turn;
}

/** A module `x.wasm.ts` reads the bytes of the `x.wasm` beside it. A bundle is one file, so it gets those bytes instead. */
const wasmInside: Plugin = {
  name: 'wasm-inside',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.wasm\.ts$/ }, async ({ path }) => ({
      contents: await readFile(path.replace(/\.ts$/, '')),
      loader: 'binary',
    })),
};

/**
 * `import` looks at every export of a module. Some of `node:http` load a second HTTP client when they are looked at, from
 * Node 22 on, and that takes 13 MB for as long as the process lives. `require` leaves them alone.
 */
const httpRequired: Plugin = {
  name: 'http-required',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(node:)?https?$/ }, ({ path, kind }) =>
      kind === 'require-call' ? undefined : { path, namespace: 'required' },
    );
    onLoad({ filter: /./, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

/** What makes ESM for Node 20 and later of TypeScript and of packages. */
export const forNode = {
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  // Packages in CommonJS require Node's own modules, and ESM has no `require`.
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);",
  },
} satisfies BuildOptions;

/**
 * Bundles an entry file and all that it imports into one ESM file for Node 20 and later. The bytes depend on the sources
 * and on installed packages only: not on the folder of the checkout, the time, or the version of Node.
 * Throws when a source does not parse or an import cannot be found.
 */
export async function bundle(entry: string): Promise<Uint8Array> {
  const file = resolve(entry);
  const known = keptBundle(file);
  if (known !== undefined) return known;
  const root = packageRoot(file);
  const begun = Date.now();
  wanted += 1;
  try {
    const options: BuildOptions & { write: false; metafile: true } = {
      entryPoints: [relative(root, file)],
      // Paths in the output are relative to this folder, so no path of this machine gets into it.
      absWorkingDir: root,
      preserveSymlinks: true,
      bundle: true,
      write: false,
      metafile: true,
      ...forNode,
      // V8 keeps a source of ASCII in one byte a character, any other in two.
      charset: 'ascii',
      legalComments: 'none',
      plugins: [wasmInside, httpRequired],
      logLevel: 'silent',
    };
    const { outputFiles, metafile } = await inTurn(() => build(options));
    const [output] = outputFiles;
    if (output === undefined) throw new Error('esbuild gave no output');
    keepBundle(file, output.contents, filesOf(Object.keys(metafile.inputs), root), begun);
    return output.contents;
  } catch (error) {
    throw new Error(`bundling ${entry}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    wanted -= 1;
    if (wanted === 0) await stop();
  }
}

/**
 * What a build read: its inputs, beside each module of WebAssembly the bytes, and what tells where a package has its
 * files. Node's own modules are no files.
 */
function filesOf(inputs: readonly string[], root: string): readonly string[] {
  const paths = inputs.filter((input) => !input.startsWith('required:')).map((input) => resolve(root, input));
  const wasm = paths.filter((path) => path.endsWith('.wasm.ts')).map((path) => path.replace(/\.ts$/, ''));
  const packages = new Set(paths.flatMap((path) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(path) ?? []));
  return [...paths, ...wasm, ...[root, ...packages].map((folder) => join(folder, 'package.json'))];
}

/** The nearest folder above a file that has a package.json: the checkout it lies in. */
function packageRoot(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) throw new Error(`bundling ${file}: no folder above it has a package.json`);
  }
}
