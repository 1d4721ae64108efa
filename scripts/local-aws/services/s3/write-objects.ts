import { AwsError } from '../../wire/errors.ts';
import { bucketOf, type Store } from './bucket.ts';
import { algorithmNamed, algorithmOf, checksumMembers, Digest } from './checksums.ts';
import { checkCopySource, writeConditionally } from './conditions.ts';
import { contentOf, encryptionMembers } from './content.ts';
import { readSource } from './copy-source.ts';
import type { S3Handlers } from './handlers.ts';
import { checkKey, commitObject, quoted, shownVersionId } from './versions.ts';

/** PutObject and CopyObject: what makes an object from one stream of bytes. */
export const writeHandlers = (store: Store): S3Handlers => ({
  async PutObject(input, { trailers }) {
    const bucket = bucketOf(store, input);
    const { Key: key } = input;
    checkKey(key);
    const version = await writeConditionally(bucket.objects, key, input, {
      receive: () => store.bodies.receive(input.Body, { ...input, trailers }, new Digest(algorithmOf(input))),
      commit: ({ body, md5, checksum }) =>
        commitObject(store, bucket, {
          ...contentOf(input),
          ...{ key, body, checksum, etag: md5.toString('hex'), partSizes: undefined },
        }),
      discard: ({ body }) => body.drop(),
    });
    return {
      ETag: quoted(version.etag),
      ...checksumMembers(version.checksum),
      ChecksumType: version.checksum?.type,
      ...encryptionMembers(version),
      VersionId: shownVersionId(bucket, version),
    };
  },
  async CopyObject(input) {
    const bucket = bucketOf(store, input);
    const { Key: key } = input;
    checkKey(key);
    const source = readSource(store, input);
    checkCopySource(source.conditions, source.object);
    const replaces = input.MetadataDirective === 'REPLACE';
    if (source.object === bucket.objects.latest(key) && !replaces && !input.StorageClass && !input.ServerSideEncryption)
      throw new AwsError(
        'InvalidRequest',
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      );
    const content = contentOf(input);
    const algorithm = algorithmNamed(input.ChecksumAlgorithm) ?? source.object.checksum?.algorithm;
    const version = await writeConditionally(bucket.objects, key, input, {
      receive: () => store.bodies.receive(source.object.body.read(), {}, new Digest(algorithm)),
      commit: ({ body, md5, checksum }) =>
        commitObject(store, bucket, {
          ...content,
          ...(replaces ? {} : { content: source.object.content, metadata: source.object.metadata }),
          ...{ key, body, checksum, etag: md5.toString('hex'), partSizes: undefined },
        }),
      discard: ({ body }) => body.drop(),
    });
    return {
      CopyObjectResult: {
        ETag: quoted(version.etag),
        LastModified: version.lastModified,
        ...checksumMembers(version.checksum),
        ChecksumType: version.checksum?.type,
      },
      ...encryptionMembers(version),
      CopySourceVersionId: shownVersionId(source.bucket, source.object),
      VersionId: shownVersionId(bucket, version),
    };
  },
});
