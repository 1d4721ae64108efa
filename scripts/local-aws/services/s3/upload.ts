import type { StoredBody } from './bodies.ts';
import type { Algorithm, Checksum } from './checksums.ts';
import type { ContentHeaders } from './content.ts';
import { noSuchUpload } from './errors.ts';

export interface UploadedPart {
  readonly number: number;
  readonly body: StoredBody;
  readonly md5: Buffer;
  readonly checksum: Checksum | undefined;
  readonly lastModified: Date;
}

/** A multipart upload under way. */
export interface Upload extends ContentHeaders {
  readonly id: string;
  readonly key: string;
  readonly initiated: Date;
  readonly algorithm: Algorithm | undefined;
  readonly checksumType: Checksum['type'] | undefined;
  readonly parts: Map<number, UploadedPart>;
}

/** @throws AwsError NoSuchUpload, also when the upload belongs to another key. */
export function uploadOf(
  uploads: ReadonlyMap<string, Upload>,
  { Key: key, UploadId: id }: { readonly Key: string; readonly UploadId: string },
): Upload {
  const upload = uploads.get(id);
  if (upload?.key !== key) throw noSuchUpload(id);
  return upload;
}
