import { removedSnapshot, typeOfSnapshot } from '../messages/removed-snapshot.ts';

/** What a call to AWS does to what, and the permission that it takes. */
interface Doing {
  readonly what: string;
  readonly action: string;
  /** Of the object that is read. */
  readonly key?: string;
}

type Sentence = (reason: string, doing: Doing) => string;
type Input = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const objectOf = ({ Bucket, Key, Prefix }: Input): string => `s3://${text(Bucket)}/${text(Key ?? Prefix)}`;

const onObject =
  (doing: string, action: string) =>
  (input: Input): Doing => ({
    what: `${doing} ${objectOf(input)}`,
    action: `s3:${action}`,
    key: text(input['Key']),
  });

const storing = onObject('storing', 'PutObject');
const removing = onObject('removing', 'DeleteObject');

/** Every operation that the jobs call. */
const operations: Readonly<Record<string, (input: Input) => Doing>> = {
  GetObject: onObject('reading', 'GetObject'),
  PutObject: storing,
  CreateMultipartUpload: storing,
  UploadPart: storing,
  CompleteMultipartUpload: storing,
  AbortMultipartUpload: onObject('giving up the upload of', 'AbortMultipartUpload'),
  CopyObject: (input) => ({
    what: `copying s3://${decodeURIComponent(text(input['CopySource']))} to ${objectOf(input)}`,
    action: 's3:GetObject and s3:PutObject',
  }),
  DeleteObject: removing,
  DeleteObjects: removing,
  ListObjectsV2: onObject('listing', 'ListBucket'),
  Publish: ({ TopicArn }) => ({ what: `publishing to ${text(TopicArn)}`, action: 'sns:Publish' }),
};

const noBucket =
  'there is no such bucket; BUCKET, DESTINATION_URL or the message names another than config/buckets.yaml, or nobody has applied the config';

const noKey: Sentence = (reason, { key = '' }) => {
  const type = typeOfSnapshot(key);
  return type === undefined ? `there is no such object (${reason})` : removedSnapshot(type);
};

const unreached = (reason: string): string =>
  `AWS was not reached (${reason}); the next attempt tries again. If it stays so, the job's subnet has no way to AWS: ` +
  'assignPublicIp: true, a NAT gateway or endpoints of the VPC';

const refused = (reason: string, { action }: Doing): string =>
  `${reason}; the job's role lacks ${action} there: name it in the grants of its definition in config/job-definitions.yaml`;

/** What the usual errors mean here, and what to do. By the names of https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and SNS's. */
const sentences: ReadonlyMap<string, Sentence> = new Map<string, Sentence>([
  ['NoSuchKey', noKey],
  ['NoSuchBucket', () => noBucket],
  ['NotFoundException', () => 'there is no such topic; nobody has applied the config, or TOPIC_ARN names another'],
  [
    'PreconditionFailed',
    () => 'it is not what it was before: somebody else has written it; the next attempt reads it anew',
  ],
  ['AccessDenied', refused],
  ['AuthorizationErrorException', refused],
  [
    'CredentialsProviderError',
    (reason) => `the job has no role (${reason}); it needs grants in config/job-definitions.yaml`,
  ],
  ['TimeoutError', unreached],
]);

const networkCodes: ReadonlySet<unknown> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
]);

/** Whether a service of AWS or the way to it is to blame: the SDK leaves its marks in those. */
export const isOfAws = (error: unknown): error is Error & { readonly $metadata: { readonly requestId?: string } } =>
  error instanceof Error && '$metadata' in error;

type Middleware = <Args extends { readonly input: object }, Result>(
  next: (args: Args) => Promise<Result>,
  context: { readonly commandName?: string },
) => (args: Args) => Promise<Result>;

interface Client {
  readonly middlewareStack: {
    add(middleware: Middleware, where: { readonly step: 'initialize'; readonly name: string }): void;
  };
}

/**
 * Has every error of a client say what was being done to what, AWS's reason and the next step. It stays the same error,
 * of the same class, and comes when the SDK has tried often enough.
 */
export function explainErrors<Explained extends Client>(client: Explained): Explained {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          if (error instanceof Error && error.name !== 'AbortError')
            error.message = explained(error, commandName.replace(/Command$/, ''), { ...args.input });
          throw error;
        }
      },
    { step: 'initialize', name: 'explainErrors' },
  );
  return client;
}

function explained(error: Error, operation: string, input: Input): string {
  const doing = operations[operation]?.(input) ?? { what: operation, action: operation };
  const reason = error.message === '' ? error.name : error.message;
  const isOfNetwork = 'code' in error && networkCodes.has(error.code);
  const sentence = sentences.get(error.name) ?? (isOfNetwork ? unreached : undefined);
  return `${doing.what}: ${sentence?.(reason, doing) ?? reason}`;
}
