import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { bundle } from './bundle.ts';
import { environmentOf, nodeFlagsOf, readDockerfile, refuseOtherStart } from './dockerfile.ts';
import { type ImageFile, type ImageStart, type OneLayerImage, oneLayerImage } from './one-layer-image.ts';

export type { ImageBlob, OneLayerImage } from './one-layer-image.ts';

/** The image of a folder of this repository, before it is built anywhere. */
export interface JobImage {
  /** Hash of everything that makes the image. The same tag means the same image, so a tag that exists needs no push. */
  readonly tag: string;
  readonly dockerfile: string;
  /** What the Dockerfile copies, by its path beside the Dockerfile: the context of a container build. */
  readonly files: ReadonlyMap<string, ImageFile>;
  /** What it is built for, in the words of container builders: `linux/amd64`. */
  readonly platform: string;
  /** The image as one layer, without the base that its Dockerfile starts from: what the embedded registry takes. */
  layer(): Promise<OneLayerImage>;
}

/** What container builders call `runtimePlatform.cpuArchitecture`; Batch takes X86_64 where a definition names none. */
const platforms = { X86_64: 'linux/amd64', ARM64: 'linux/arm64' } as const;

/** Says that the image can also run without a container engine, as a process. */
const labels = { 'baton.process': 'true' } as const;

/**
 * Reads `jobs/<name>`: `main.ts` and what it imports become `main.mjs`; a folder in another language says in `job.yaml`
 * how it runs, and its files are taken as they are. Both have a Dockerfile.
 * Throws when the folder holds neither, or the sources do not build.
 */
export async function jobImage(folder: string, architecture: keyof typeof platforms = 'X86_64'): Promise<JobImage> {
  const dockerfile = readDockerfile(folder);
  const { files, entrypoint } = await contents(folder, dockerfile);
  const platform = platforms[architecture];
  const start: ImageStart = { entrypoint, environment: environmentOf(dockerfile, folder) };
  return {
    tag: tagOf(files, start, dockerfile, platform),
    dockerfile,
    files,
    platform,
    layer: () => oneLayerImage(files, start, labels),
  };
}

interface Contents {
  readonly files: ReadonlyMap<string, ImageFile>;
  readonly entrypoint: readonly string[];
}

async function contents(folder: string, dockerfile: string): Promise<Contents> {
  if (existsSync(join(folder, 'main.ts'))) {
    const content = await bundle(join(folder, 'main.ts'));
    const flags = nodeFlagsOf(dockerfile, folder);
    return {
      files: new Map([['main.mjs', { content, executable: false }]]),
      entrypoint: ['node', ...flags, '/app/main.mjs'],
    };
  }
  if (existsSync(join(folder, 'job.yaml'))) {
    const entrypoint = processOf(join(folder, 'job.yaml'));
    refuseOtherStart(dockerfile, entrypoint, folder);
    return { files: filesBelow(folder), entrypoint };
  }
  throw new Error(
    `building the image of ${folder}: it has neither main.ts nor job.yaml; add one, or name an image of a registry instead`,
  );
}

/** `process: [python3, main.py]`, started in the folder of the files. */
function processOf(path: string): string[] {
  const document: unknown = parse(readFileSync(path, 'utf8'));
  const command =
    typeof document === 'object' && document !== null && 'process' in document ? document.process : undefined;
  if (!Array.isArray(command) || command.length === 0)
    throw new Error(`reading ${path}: "process" must be a list of strings, such as [python3, main.py]`);
  return command.map((part: unknown) => {
    if (typeof part === 'string' && part !== '') return part;
    throw new Error(
      `reading ${path}: "process" holds ${JSON.stringify(part)}, which is not a string; put it in quotes`,
    );
  });
}

/** Everything below a folder but what tools leave behind: a run must not change the tag. */
function filesBelow(folder: string, prefix = ''): Map<string, ImageFile> {
  const files = new Map<string, ImageFile>();
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    const name = join(prefix, entry.name).replaceAll('\\', '/');
    if (entry.name.startsWith('.') || entry.name === '__pycache__' || entry.name === 'node_modules') continue;
    if (entry.isDirectory()) for (const [below, file] of filesBelow(folder, name)) files.set(below, file);
    else if (name !== 'Dockerfile') files.set(name, readImageFile(join(folder, name)));
  }
  return files;
}

const readImageFile = (path: string): ImageFile => ({
  content: readFileSync(path),
  executable: (statSync(path).mode & 0o100) !== 0,
});

/** Lengths go before contents, so that nothing can move from one file to the next unnoticed. */
function tagOf(files: ReadonlyMap<string, ImageFile>, start: ImageStart, dockerfile: string, platform: string): string {
  const hash = createHash('sha256').update(JSON.stringify([start, labels, dockerfile, platform]));
  for (const [name, { content, executable }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(JSON.stringify([name, executable, content.length])).update(content);
  return hash.digest('hex').slice(0, 16);
}
