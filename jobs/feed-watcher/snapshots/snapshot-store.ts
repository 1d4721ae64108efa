import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { brokenOff, readText, removeObjects } from '../../process/objects.ts';

/**
 * Two pieces of 5 MiB under way at most. That is the smallest that S3 takes, and the 10,000 that it takes at most make 50 GB of
 * gzip: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
 */
const pieces = { queueSize: 2, partSize: 5 * 1024 * 1024 };

export interface StoredObject {
  readonly key: string;
  /** When it was stored, as milliseconds since 1970. */
  readonly modified: number;
}

/** The objects of snapshots in one bucket. Each of them appears when it is whole, or not at all. */
export class SnapshotStore {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  /** Stores a file and gives the entity tag of the object. Memory stays flat whatever its size. */
  async upload(key: string, path: string): Promise<string> {
    return await this.uploadStream(key, createReadStream(path));
  }

  async uploadStream(key: string, body: Readable, type = 'application/gzip'): Promise<string> {
    const params = { Bucket: this.#bucket, Key: key, Body: body, ContentType: type };
    const { ETag } = await new Upload({ client: this.#s3, params, ...pieces }).done();
    if (ETag === undefined) throw new Error(`storing s3://${this.#bucket}/${key}: the answer has no ETag`);
    return ETag;
  }

  async uploadText(key: string, text: string): Promise<void> {
    await this.uploadStream(key, Readable.from([Buffer.from(text)]), 'application/json');
  }

  /** false when there is no such object. */
  async download(key: string, path: string): Promise<boolean> {
    try {
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      if (!(Body instanceof Readable)) throw new Error(`reading s3://${this.#bucket}/${key}: no body`);
      await pipeline(Body, createWriteStream(path)).catch((error: unknown) => {
        throw brokenOff({ bucket: this.#bucket, key }, error);
      });
      return true;
    } catch (error) {
      if (error instanceof NoSuchKey) return false;
      throw error;
    }
  }

  /** A small object; `undefined` when there is none. */
  async readText(key: string): Promise<string | undefined> {
    return (await readText({ s3: this.#s3, bucket: this.#bucket, key }))?.text;
  }

  async move(from: string, to: string): Promise<void> {
    const CopySource = `${this.#bucket}/${encodeURIComponent(from)}`;
    await this.#s3.send(new CopyObjectCommand({ Bucket: this.#bucket, Key: to, CopySource }));
    await this.remove(from);
  }

  async remove(key: string): Promise<void> {
    await this.#s3.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }));
  }

  /** Removes them all; what a crash left is removed the next time. Throws where S3 refuses to remove one. */
  async removeAll(keys: readonly string[]): Promise<void> {
    await removeObjects(this.#s3, this.#bucket, keys);
  }

  async objects(prefix: string): Promise<readonly StoredObject[]> {
    const objects: StoredObject[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: this.#s3 },
      { Bucket: this.#bucket, Prefix: prefix },
    ))
      for (const { Key, LastModified } of Contents)
        if (Key !== undefined && LastModified !== undefined)
          objects.push({ key: Key, modified: LastModified.getTime() });
    return objects;
  }
}
