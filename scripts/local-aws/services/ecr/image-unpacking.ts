import { createReadStream } from 'node:fs';
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { unpackTar } from 'modern-tar/fs';
import { AwsError } from '../../wire/errors.ts';
import type { UnpackedImage } from '../../world.ts';
import { type ImageManifest, isRecord } from './image-manifest.ts';
import type { LayerStore } from './layer-store.ts';

/** The label of an image that also runs without a container engine, as a process, however many layers it has. */
const processLabel = 'baton.process';

/**
 * Unpacks an image's layers into a folder that its programs cannot write to, and reads how it is run. Throws
 * InvalidLayerException when a layer is no gzipped archive, has paths outside the folder, or the configuration is no JSON;
 * UnsupportedImageTypeException when the image is a container's whole file system, which is nothing to run as a process.
 */
export async function unpackImage(store: LayerStore, manifest: ImageManifest, root: string): Promise<UnpackedImage> {
  try {
    return await unpackInto(root, store, manifest);
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw new AwsError(
      'InvalidLayerException',
      `the image cannot be unpacked: ${error instanceof Error ? error.message : error}`,
    );
  }
}

async function unpackInto(root: string, store: LayerStore, manifest: ImageManifest): Promise<UnpackedImage> {
  const { labels, ...configuration } = await readConfiguration(store.path(manifest.config.digest));
  refuseFileSystem(manifest, labels);
  await mkdir(root, { recursive: true });
  for (const { digest } of manifest.layers) {
    const refused: string[] = [];
    await pipeline(
      createReadStream(store.path(digest)),
      createGunzip(),
      unpackTar(root, {
        strict: true,
        filter: ({ name, linkname, type }) => {
          const stays =
            isInside(name) && (linkname === undefined || linkname === '' || linkStays(name, linkname, type));
          if (!stays) refused.push(name);
          return stays;
        },
      }),
    );
    if (refused.length > 0)
      throw new AwsError('InvalidLayerException', `${refused.join(', ')} in ${digest} leaves the image`);
  }
  await makeReadOnly(root);
  return { root, ...configuration };
}

/** A base image below the program's own layer brings a system: its paths and users mean nothing on this machine. */
function refuseFileSystem({ layers }: ImageManifest, labels: Readonly<Record<string, unknown>>): void {
  if (layers.length <= 1 || labels[processLabel] === 'true') return;
  throw new AwsError(
    'UnsupportedImageTypeException',
    `the image has ${layers.length} layers and no label ${processLabel}=true: it is the file system of a container, and the ` +
      'embedded AWS runs images as processes; push one layer with the program, or label the image if it runs as it is',
  );
}

const isInside = (path: string): boolean => {
  const normal = posix.normalize(path);
  return !posix.isAbsolute(normal) && normal !== '..' && !normal.startsWith('../');
};

/** A hard link names a path of the archive, a symbolic one a path from where it lies; an absolute one would be the machine's. */
const linkStays = (name: string, target: string, type: string | undefined): boolean =>
  !posix.isAbsolute(target) && isInside(type === 'symlink' ? posix.join(posix.dirname(name), target) : target);

async function makeReadOnly(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeReadOnly(path);
    else if (entry.isFile()) await chmod(path, 0o555);
  }
  await chmod(folder, 0o555);
}

/** The `config` of an image configuration (github.com/opencontainers/image-spec/blob/main/config.md). */
async function readConfiguration(
  path: string,
): Promise<Omit<UnpackedImage, 'root'> & { readonly labels: Readonly<Record<string, unknown>> }> {
  const document: unknown = JSON.parse(await readFile(path, 'utf8'));
  const given = isRecord(document) && isRecord(document['config']) ? document['config'] : {};
  const { WorkingDir: directory, Labels: labels } = given;
  return {
    labels: isRecord(labels) ? labels : {},
    entrypoint: strings(given['Entrypoint']),
    command: strings(given['Cmd']),
    environment: Object.fromEntries(strings(given['Env']).map(splitVariable)),
    workingDirectory: typeof directory === 'string' && directory !== '' ? directory : '/',
  };
}

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

function splitVariable(variable: string): [string, string] {
  const at = variable.indexOf('=');
  return at < 0 ? [variable, ''] : [variable.slice(0, at), variable.slice(at + 1)];
}
