import { AwsError } from '../../wire/errors.ts';
import { arnOfBucket, type Bucket, bucketOf, emptyBucket, type Store, secondsNow } from './bucket.ts';
import { newBucketSettings, tagsOf } from './bucket-settings.ts';
import { invalidArgument } from './errors.ts';
import type { S3Handlers } from './handlers.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const isBucketName = (name: string): boolean =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
  !/\.\.|^\d+\.\d+\.\d+\.\d+$|^xn--|^sthree-|^amzn-s3-demo-|-s3alias$|--ol-s3$|\.mrap$|--x-s3$|--table-s3$/.test(name);

/** Owner of all: the account's canonical user id, which is 64 hexadecimal digits. */
const ownerOf = ({ world }: Store) => ({ ID: world.account.padStart(64, '0') });

/** us-east-1 is asked for by asking for nothing; everywhere else the location must be the endpoint's own region. */
function checkLocation(region: string, location: string | undefined): void {
  const fits = region === 'us-east-1' ? location === undefined : location === region;
  if (fits) return;
  if (region === 'us-east-1' && location === region)
    throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid');
  throw new AwsError(
    'IllegalLocationConstraintException',
    `The ${location ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}

/** Creating, finding and deleting buckets. */
export const bucketHandlers = (store: Store): S3Handlers => ({
  CreateBucket(input) {
    const { Bucket: name, CreateBucketConfiguration: configuration } = input;
    if (!isBucketName(name))
      throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
    checkLocation(store.world.region, configuration?.LocationConstraint);
    const tags = configuration?.Tags?.length ? tagsOf(configuration.Tags) : undefined;
    const created = { Location: `/${name}`, BucketArn: arnOfBucket(store, name) };
    if (store.buckets.has(name)) {
      // In us-east-1 only, creating one's own bucket again succeeds and changes nothing (API reference of CreateBucket).
      if (store.world.region === 'us-east-1') return created;
      const message = 'Your previous request to create the named bucket succeeded and you already own it.';
      throw new AwsError('BucketAlreadyOwnedByYou', message, 409, { BucketName: name });
    }
    const settings = newBucketSettings(tags);
    if (input.ObjectOwnership) settings.ownership = { Rules: [{ ObjectOwnership: input.ObjectOwnership }] };
    store.buckets.set(
      name,
      emptyBucket({ name, created: secondsNow(store), location: configuration?.LocationConstraint, settings }),
    );
    return created;
  },
  DeleteBucket(input) {
    const bucket = bucketOf(store, input);
    checkEmpty(bucket);
    for (const upload of bucket.uploads.values()) for (const part of upload.parts.values()) part.body.drop();
    bucket.uploads.clear();
    store.buckets.delete(bucket.name);
    return {};
  },
  HeadBucket(input) {
    const bucket = bucketOf(store, input);
    return { BucketArn: arnOfBucket(store, bucket.name), BucketRegion: store.world.region, AccessPointAlias: false };
  },
  GetBucketLocation: (input) => ({ LocationConstraint: bucketOf(store, input).location }),
  ListBuckets(input) {
    const limit = input.MaxBuckets ?? 10_000;
    if (limit < 1 || limit > 10_000)
      throw invalidArgument('MaxBuckets must be between 1 and 10000', 'max-buckets', String(limit));
    const { Prefix: prefix = '', ContinuationToken: token } = input;
    const after = token === undefined ? '' : Buffer.from(token, 'base64url').toString();
    const elsewhere = input.BucketRegion !== undefined && input.BucketRegion !== store.world.region;
    const found = [...store.buckets.values()]
      .filter(({ name }) => !elsewhere && name.startsWith(prefix) && name > after)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = found.slice(0, limit);
    return {
      Buckets: page.map(({ name, created }) => ({
        Name: name,
        CreationDate: created,
        BucketRegion: store.world.region,
        BucketArn: arnOfBucket(store, name),
      })),
      Owner: ownerOf(store),
      Prefix: input.Prefix,
      ContinuationToken:
        found.length > page.length ? Buffer.from(page.at(-1)?.name ?? '').toString('base64url') : undefined,
    };
  },
});

function checkEmpty(bucket: Bucket): void {
  if (bucket.objects.keys.length === 0) return;
  const versioned = bucket.settings.versioning !== undefined;
  throw new AwsError(
    'BucketNotEmpty',
    versioned
      ? 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.'
      : 'The bucket you tried to delete is not empty',
    409,
    { BucketName: bucket.name },
  );
}
