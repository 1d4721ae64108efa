import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { objectOf, textOf } from './reading.ts';

/**
 * What `claims/<name>` holds. `held`: somebody is submitting, until they have written the job's id or their invocation
 * is over for certain (epoch milliseconds). `of` tells whether two events that meet at one name ask for the same.
 */
type State =
  | { readonly status: 'held'; readonly of: string; readonly until: number }
  | { readonly status: 'submitted'; readonly of: string; readonly jobId: string };

export type Claim = State & { readonly etag: string };

/** Claims on job names in a bucket. Conditional writes decide who submits: of two that try at once, one wins. */
export interface Claims {
  /** `undefined` when somebody else has it already or was quicker. `over` is the claim that is taken over. */
  take(name: string, of: string, until: number, over: Claim | undefined): Promise<Claim | undefined>;
  read(name: string): Promise<Claim | undefined>;
  /** Gives up a claim of ours after a submission that failed, so that the next attempt need not wait. Harmless when it is ours no more. */
  release(name: string, claim: Claim): Promise<void>;
  /** Unconditional: the job exists, whoever submitted it. */
  complete(name: string, of: string, jobId: string): Promise<void>;
}

export function claimsIn(s3: S3Client, bucket: string): Claims {
  const put = async (name: string, state: State, condition: { IfMatch?: string; IfNoneMatch?: string }) => {
    const target = { Bucket: bucket, Key: `claims/${name}`, ContentType: 'application/json' };
    return s3.send(new PutObjectCommand({ ...target, ...condition, Body: JSON.stringify(state) }));
  };
  return {
    async take(name, of, until, over) {
      const state: State = { status: 'held', of, until };
      try {
        const { ETag } = await put(name, state, over === undefined ? { IfNoneMatch: '*' } : { IfMatch: over.etag });
        return { ...state, etag: ETag ?? '' };
      } catch (error) {
        if (isLost(error)) return undefined;
        throw error;
      }
    },
    async read(name) {
      try {
        const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `claims/${name}` }));
        return { ...parseState((await Body?.transformToString()) ?? '', name), etag: ETag ?? '' };
      } catch (error) {
        if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return undefined;
        throw error;
      }
    },
    async release(name, claim) {
      try {
        await put(name, { status: 'held', of: claim.of, until: 0 }, { IfMatch: claim.etag });
      } catch (error) {
        if (!isLost(error)) throw error;
      }
    },
    async complete(name, of, jobId) {
      await put(name, { status: 'submitted', of, jobId }, {});
    },
  };
}

/**
 * 412: the condition does not hold; 409: another conditional write of the object was under way; 404: what `If-Match`
 * names is gone. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
const isLost = (error: unknown): boolean =>
  error instanceof S3ServiceException &&
  [404, 409, 412].includes(error.$metadata.httpStatusCode ?? 0) &&
  error.name !== 'NoSuchBucket';

function parseState(text: string, name: string): State {
  const fields = objectOf(JSON.parse(text), `claims/${name}`);
  const of = textOf(fields['of'], `claims/${name}.of`);
  if (fields['status'] === 'submitted')
    return { status: 'submitted', of, jobId: textOf(fields['jobId'], `claims/${name}.jobId`) };
  return { status: 'held', of, until: Number(fields['until']) };
}
