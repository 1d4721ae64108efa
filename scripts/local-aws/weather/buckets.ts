import { conditionalRequestConflict, noSuchBucket } from '../services/s3/errors.ts';
import type { Around, ServedCall } from '../wire/around.ts';
import { AwsError } from '../wire/errors.ts';
import { isChange, textAt } from './calls.ts';
import { Spells } from './spells.ts';
import type { Draw, Storm } from './storm.ts';
import { whims } from './whims.ts';

const aborted = (bucket: string): AwsError =>
  new AwsError(
    'OperationAborted',
    'A conflicting conditional operation is currently in progress against this resource. Please try again.',
    409,
    { BucketName: bucket },
  );

/**
 * S3 makes one change of a bucket at a time, knows a new one not everywhere at once, and gives the name of a deleted one
 * back late. Objects are always as last written, but of writes under conditions one may be in the way of another.
 */
export function buckets(draw: Draw, { lag, conflicting }: Storm): Around {
  const isMet = whims(draw, 'objects', conflicting);
  const isBusy = whims(draw, 'buckets', conflicting);
  const unknown = new Spells(draw, 'new buckets', lag);
  const taken = new Spells(draw, 'deleted buckets', lag);
  const known = new Set<string>();

  const refuse = (call: ServedCall, bucket: string): void => {
    const key = textAt(call.input, 'Key') ?? '';
    if (isConditional(call) && isMet(`${bucket}/${key}`)) throw conditionalRequestConflict(key);
    if (call.operation === 'CreateBucket' && taken.holds(bucket)) throw aborted(bucket);
    if (isSetting(call) && unknown.holds(bucket)) throw noSuchBucket(bucket);
    if (isChange(call) && call.operation !== 'CreateBucket' && isBusy(bucket)) throw aborted(bucket);
  };

  return async (call, answer) => {
    const bucket = call.service === 's3' ? textAt(call.input, 'Bucket') : undefined;
    if (bucket === undefined) return answer(call);
    refuse(call, bucket);
    const output = await answer(call);
    if (call.operation === 'CreateBucket' && !known.has(bucket)) unknown.begin(bucket);
    if (call.operation === 'CreateBucket') known.add(bucket);
    if (call.operation === 'DeleteBucket' && known.delete(bucket)) {
      unknown.end(bucket);
      taken.begin(bucket);
    }
    return output;
  };
}

const isConditional = ({ operation, input }: ServedCall): boolean =>
  /^(PutObject|CompleteMultipartUpload)$/.test(operation) &&
  (textAt(input, 'IfMatch') ?? textAt(input, 'IfNoneMatch')) !== undefined;

/** What concerns a bucket that is to stay, and not what is in it. */
const isSetting = (call: ServedCall): boolean =>
  !/^(Create|Delete)Bucket$/.test(call.operation) &&
  (isChange(call) || /^(GetBucket|GetPublicAccessBlock|HeadBucket)/.test(call.operation));
