import type { S3Input } from './handlers.ts';

type Described = S3Input<'PutObject'> | S3Input<'CreateMultipartUpload'> | S3Input<'CopyObject'>;

/** What a writer says about an object and every reader gets back. */
export interface ContentHeaders {
  readonly content: {
    readonly CacheControl?: string | undefined;
    readonly ContentDisposition?: string | undefined;
    readonly ContentEncoding?: string | undefined;
    readonly ContentLanguage?: string | undefined;
    readonly ContentType?: string | undefined;
    readonly Expires?: Date | undefined;
    readonly WebsiteRedirectLocation?: string | undefined;
  };
  readonly metadata: Readonly<Record<string, string>>;
  readonly storageClass: NonNullable<S3Input<'PutObject'>['StorageClass']>;
  readonly encryption: NonNullable<S3Input<'PutObject'>['ServerSideEncryption']>;
  readonly kmsKeyId: string | undefined;
}

/** S3's default for an object whose writer named no type. */
const defaultType = 'binary/octet-stream';

export const contentOf = (input: Described): ContentHeaders => ({
  content: {
    CacheControl: input.CacheControl,
    ContentDisposition: input.ContentDisposition,
    ContentEncoding: input.ContentEncoding,
    ContentLanguage: input.ContentLanguage,
    ContentType: input.ContentType ?? defaultType,
    Expires: input.Expires,
    WebsiteRedirectLocation: input.WebsiteRedirectLocation,
  },
  metadata: input.Metadata ?? {},
  storageClass: input.StorageClass ?? 'STANDARD',
  encryption: input.ServerSideEncryption ?? 'AES256',
  kmsKeyId: input.SSEKMSKeyId,
});

/** The encryption members that every write and read answers; since 2023 no object is without. */
export const encryptionMembers = ({ encryption, kmsKeyId }: ContentHeaders) => ({
  ServerSideEncryption: encryption,
  SSEKMSKeyId: kmsKeyId,
});
