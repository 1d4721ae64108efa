import { createHash } from 'node:crypto';
import { invalidParameter } from './errors.ts';

export const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json';

interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

/** What the registry reads of an image manifest, Docker's (v2 schema 2) or OCI's: they have the same form. */
export interface ImageManifest {
  readonly mediaType?: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

export function parseManifest(text: string): ImageManifest {
  const manifest = parsed(text);
  if (!isRecord(manifest) || !isDescriptor(manifest['config']) || !isDescriptors(manifest['layers']))
    throw invalidParameter("'imageManifest' failed to satisfy constraint: 'Invalid JSON syntax'");
  const { mediaType, config, layers } = manifest;
  return { config, layers, ...(typeof mediaType === 'string' && { mediaType }) };
}

export const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidParameter(
      `'imageManifest' failed to satisfy constraint: '${error instanceof Error ? error.message : error}'`,
    );
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isDescriptor = (value: unknown): value is Descriptor =>
  isRecord(value) && typeof value['digest'] === 'string' && typeof value['size'] === 'number';

const isDescriptors = (value: unknown): value is Descriptor[] => Array.isArray(value) && value.every(isDescriptor);
