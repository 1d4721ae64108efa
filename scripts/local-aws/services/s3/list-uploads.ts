import { bucketOf, type Store } from './bucket.ts';
import { checksumMembers } from './checksums.ts';
import type { S3Handlers } from './handlers.ts';
import { keyEncoder, listingMembers, listKeys, pageLimit } from './listing.ts';
import { compareKeys } from './object-index.ts';
import { uploadOf } from './upload.ts';
import { quoted } from './versions.ts';

/** ListParts and ListMultipartUploads. */
export const uploadListHandlers = (store: Store): S3Handlers => ({
  ListParts(input) {
    const upload = uploadOf(bucketOf(store, input).uploads, input);
    const limit = pageLimit('max-parts', input.MaxParts);
    const marker = Number(input.PartNumberMarker ?? 0);
    const rest = [...upload.parts.values()].filter((part) => part.number > marker).sort((a, b) => a.number - b.number);
    const page = rest.slice(0, limit);
    return {
      Bucket: input.Bucket,
      Key: upload.key,
      UploadId: upload.id,
      PartNumberMarker: String(marker),
      NextPartNumberMarker: String(page.at(-1)?.number ?? 0),
      MaxParts: limit,
      IsTruncated: rest.length > page.length,
      StorageClass: upload.storageClass,
      ChecksumAlgorithm: upload.algorithm,
      ChecksumType: upload.checksumType,
      Parts: page.map((part) => ({
        PartNumber: part.number,
        LastModified: part.lastModified,
        ETag: quoted(part.md5.toString('hex')),
        Size: part.body.size,
        ...checksumMembers(part.checksum),
      })),
    };
  },
  ListMultipartUploads(input) {
    const bucket = bucketOf(store, input);
    const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker: after = '', UploadIdMarker } = input;
    const limit = pageLimit('max-uploads', input.MaxUploads);
    const uploads = [...bucket.uploads.values()];
    const keys = [...new Set(uploads.map((upload) => upload.key))].sort(compareKeys);
    const page = listKeys(keys, { prefix, delimiter, after, limit }, (key) => {
      const ofKey = uploads.filter((upload) => upload.key === key);
      if (key !== after) return ofKey;
      const at = ofKey.findIndex((upload) => upload.id === UploadIdMarker);
      return at < 0 ? [] : ofKey.slice(at + 1);
    });
    const encode = keyEncoder(input.EncodingType);
    return {
      Bucket: bucket.name,
      ...listingMembers(input, page, encode),
      KeyMarker: encode(after),
      UploadIdMarker: UploadIdMarker ?? '',
      NextKeyMarker: page.next && encode(page.next.name),
      NextUploadIdMarker: page.next?.item?.id,
      MaxUploads: limit,
      Uploads: page.items.map((upload) => ({
        UploadId: upload.id,
        Key: encode(upload.key),
        Initiated: upload.initiated,
        StorageClass: upload.storageClass,
        ChecksumAlgorithm: upload.algorithm,
        ChecksumType: upload.checksumType,
      })),
    };
  },
});
