import { createHash } from 'node:crypto';
import { gzipSync } from 'fflate';
import { packTar } from 'modern-tar';

export interface ImageFile {
  readonly content: Uint8Array;
  readonly executable: boolean;
}

/** How an image's process starts. Environment is `NAME=value`, as an image's config holds it. */
export interface ImageStart {
  readonly entrypoint: readonly string[];
  readonly environment: readonly string[];
}

/** Something a registry stores under its digest (`sha256:…`). */
export interface ImageBlob {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** An image in the form in which it is pushed: its blobs first, then the manifest that names them. */
export interface OneLayerImage {
  readonly config: ImageBlob;
  readonly layer: ImageBlob;
  readonly manifest: ImageBlob;
}

/** Media types of https://distribution.github.io/distribution/spec/manifest-v2-2/ */
const mediaTypes = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const blob = (mediaType: string, bytes: Uint8Array): ImageBlob => ({ mediaType, digest: digestOf(bytes), bytes });
const json = (mediaType: string, value: unknown): ImageBlob => blob(mediaType, Buffer.from(JSON.stringify(value)));
const reference = ({ mediaType, digest, bytes }: ImageBlob) => ({ mediaType, size: bytes.length, digest });

/** An image with one layer that holds `files` in `/app`. The same files give the same bytes. */
export async function oneLayerImage(
  files: ReadonlyMap<string, ImageFile>,
  start: ImageStart,
  labels: Readonly<Record<string, string>>,
): Promise<OneLayerImage> {
  const tar = await packTar(tarEntries(files));
  const layer = blob(mediaTypes.layer, gzipSync(tar, { mtime: 0 }));
  const config = json(mediaTypes.config, {
    architecture: 'amd64',
    os: 'linux',
    created: '1980-01-01T00:00:00Z',
    config: { Entrypoint: start.entrypoint, Env: start.environment, WorkingDir: '/app', Labels: labels },
    rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
  });
  const manifest = json(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: reference(config),
    layers: [reference(layer)],
  });
  return { config, layer, manifest };
}

function tarEntries(files: ReadonlyMap<string, ImageFile>) {
  const fixed = { mtime: new Date(0), uid: 0, gid: 0 };
  const names = [...files.keys()].sort();
  const folders = new Set(names.flatMap((name) => foldersOf(`app/${name}`)));
  return [
    ...[...folders]
      .sort()
      .map((name) => ({ header: { ...fixed, name, size: 0, type: 'directory', mode: 0o755 } as const })),
    ...[...files]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { content, executable }]) => ({
        header: {
          ...fixed,
          name: `app/${name}`,
          size: content.length,
          type: 'file',
          mode: executable ? 0o755 : 0o644,
        } as const,
        body: content,
      })),
  ];
}

/** `app/lib/x.py` → `app/`, `app/lib/` */
const foldersOf = (path: string): string[] =>
  path
    .split('/')
    .slice(0, -1)
    .map((_part, at, parts) => `${parts.slice(0, at + 1).join('/')}/`);
