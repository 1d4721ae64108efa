import type { JobDefinition } from '../config/job-definition-schema.ts';
import { arns, names, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import { type Policy, policy } from '../kinds/policy.ts';
import { deadLetterArn, type FunctionName, functionArn, functionLogGroup, jobLogGroup } from './parts.ts';

export type Statement = Parameters<typeof policy>[number];

type Trusted = 'ec2.amazonaws.com' | 'ecs-tasks.amazonaws.com' | 'lambda.amazonaws.com';

export const trustIn = (service: Trusted): Policy =>
  policy({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' });

/** Scheduler, when it acts for this account; of another, somebody could make it act in ours. */
export const trustInScheduler = (site: Site): Policy =>
  policy({
    Effect: 'Allow',
    Principal: { Service: 'scheduler.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'aws:SourceAccount': site.account } },
  });

/** A statement that lets a service publish to a topic on behalf of what is ours. */
export const publishingBy = (Sid: string, service: string, topicArn: string, Condition?: Statement['Condition']) =>
  ({
    Sid,
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sns:Publish',
    Resource: topicArn,
    ...(Condition && { Condition }),
  }) satisfies Statement;

const notByTls = (actions: string, resources: string[]): Statement => ({
  Sid: 'TlsOnly',
  Effect: 'Deny',
  Principal: '*',
  Action: actions,
  Resource: resources,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

/** Refuses what comes without TLS, whoever sends it. Allowing is left to the policies of roles. */
export const tlsOnly = (actions: string, resources: string[], ...more: Statement[]): Policy =>
  policy(notByTls(actions, resources), ...more);

/** A service delivers to a queue on behalf of our own rules or topics only. */
export const deliveryBy = (service: string, queueArn: string, sourceArns: string[]): Policy =>
  policy({
    Sid: 'Deliver',
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: { ArnLike: { 'aws:SourceArn': sourceArns } },
  });

const unique = (values: readonly string[]): string[] => [...new Set(values)];

const writeLog = (...logGroupArns: string[]): Statement => ({
  Sid: 'WriteLog',
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: unique(logGroupArns).map((arn) => `${arn}:*`),
});

/** The repository of an image in a private registry of ECR, whoever's it is. */
function repositoryArn(site: Site, image: string): string[] {
  const [, account, region, repository] =
    /^(\d{12})\.dkr\.ecr\.([^.]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(image) ?? [];
  if (account === undefined || region === undefined || repository === undefined) return [];
  return [arns.repository({ ...site, account, region }, repository)];
}

/** The parameter of SSM or the secret that a reference means; the part of a secret that is read is no part of its ARN. */
function secretArn(site: Site, reference: string): string {
  const parts = reference.split(':');
  if (parts.length === 1) return arns.parameter(site, reference.replace(/^\//, ''));
  return parts.slice(0, 7).join(':');
}

const isParameter = (arn: string): boolean => arn.split(':')[2] === 'ssm';

/** What reading secrets takes, of exactly those; a key of one's own has to be named, or they cannot be decrypted. */
function readSecrets(site: Site, definitions: readonly Pick<JobDefinition, 'secrets' | 'secretsKey'>[]): Statement[] {
  const secrets = unique(definitions.flatMap((each) => Object.values(each.secrets).map((one) => secretArn(site, one))));
  const allow = (Sid: string, Action: string, Resource: string[]): Statement[] =>
    Resource.length === 0 ? [] : [{ Sid, Effect: 'Allow', Action, Resource }];
  return [
    ...allow('ReadParameters', 'ssm:GetParameters', secrets.filter(isParameter)),
    ...allow(
      'ReadSecrets',
      'secretsmanager:GetSecretValue',
      secrets.filter((arn) => !isParameter(arn)),
    ),
    ...allow('DecryptSecrets', 'kms:Decrypt', unique(definitions.flatMap(({ secretsKey }) => secretsKey ?? []))),
  ];
}

type Container = Pick<JobDefinition, 'image' | 'secrets' | 'secretsKey' | 'logGroup'>;

/**
 * What starting a container takes: its image, of our own registry or of one that config names, its secrets and its log.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export const executionPolicy = (site: Site, containers: readonly Container[]): Policy =>
  policy(
    // It has no resource-level permissions.
    { Sid: 'LogInToRegistry', Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    {
      Sid: 'PullImages',
      Effect: 'Allow',
      Action: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
      Resource: unique([
        arns.repository(site, `${site.prefix}/*`),
        ...containers.flatMap(({ image }) => repositoryArn(site, image)),
      ]),
    },
    ...readSecrets(site, containers),
    writeLog(
      arns.logGroup(site, jobLogGroup(site)),
      ...containers.flatMap(({ logGroup }) => (logGroup === undefined ? [] : arns.logGroup(site, logGroup))),
    ),
  );

/** A queue and a definition that something is submitted to, by their names in config. */
export interface SubmitsTo {
  readonly jobQueue: string;
  readonly jobDefinition: string;
}

/** A role's inline policies hold 10,240 characters together, white space not counted. */
const inlineLimit = 10_240;

/** What bears our prefix, by two patterns, and beside them what was given a name of its own. */
function underPrefix(site: Site, resources: readonly string[]): string[] {
  const starts = [arns.jobQueue(site, `${site.prefix}-`), arns.jobDefinition(site, `${site.prefix}-`)];
  const others = resources.filter((arn) => !starts.some((start) => arn.startsWith(start)));
  return [...starts.map((start) => `${start}*`), ...others];
}

/** A definition is named without a revision, which means its latest; AWS checks either form, so both are granted. */
function submitTo(site: Site, targets: readonly SubmitsTo[]): Statement {
  const resources = unique([
    ...targets.map(({ jobQueue }) => arns.jobQueue(site, names.jobQueue(site, jobQueue))),
    ...targets.flatMap(({ jobDefinition }) => {
      const arn = arns.jobDefinition(site, names.jobDefinition(site, jobDefinition));
      return [arn, `${arn}:*`];
    }),
  ]);
  // The other statements take less than 2,000.
  const fits = JSON.stringify(resources).length < inlineLimit - 2_000;
  return {
    Sid: 'Submit',
    Effect: 'Allow',
    Action: 'batch:SubmitJob',
    Resource: fits ? resources : underPrefix(site, resources),
  };
}

/** What a function does: submit jobs once each, and hand on what it could not do. */
export function functionPolicy(site: Site, name: FunctionName, targets: readonly SubmitsTo[]): Policy {
  const stateBucket = arns.bucket(site, names.stateBucket(site));
  return policy(
    writeLog(arns.logGroup(site, functionLogGroup(site, name))),
    ...(targets.length === 0 ? [] : [submitTo(site, targets)]),
    // It has no resource-level permissions.
    { Sid: 'FindJobs', Effect: 'Allow', Action: 'batch:ListJobs', Resource: '*' },
    {
      Sid: 'Claim',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: `${stateBucket}/claims/*`,
    },
    // Without it S3 answers 403 instead of 404 for a claim that is not there.
    { Sid: 'SeeThatNoClaim', Effect: 'Allow', Action: 's3:ListBucket', Resource: stateBucket },
    { Sid: 'DeadLetter', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: deadLetterArn(site, 'invocations') },
  );
}

/** What Scheduler does for a schedule: invoke the function, and hand on what it could not. */
export const schedulerPolicy = (site: Site): Policy =>
  policy(
    {
      Sid: 'Invoke',
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: functionArn(site, 'schedule-to-batch'),
    },
    { Sid: 'DeadLetter', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: deadLetterArn(site, 'schedules') },
  );

type Grant = JobDefinition['grants'][number];
/** What grants are on. */
type Granted = Pick<Config, 'buckets' | 'topics'>;

/** Listing a bucket also makes S3 answer 404 instead of 403 for an object that is not there. */
const reading = (bucket: string): Statement[] => [
  { Effect: 'Allow', Action: 's3:ListBucket', Resource: bucket },
  { Effect: 'Allow', Action: 's3:GetObject', Resource: `${bucket}/*` },
];

const writing = (bucket: string): Statement[] => [
  {
    Effect: 'Allow',
    Action: ['s3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
    Resource: `${bucket}/*`,
  },
];

/** `bucket.feeds` → `feeds` */
const named = (reference: string): string => reference.replace(/^(bucket|topic)\./, '');

/**
 * What a key of KMS's own takes beside the permissions of S3 or SNS. Writing in parts decrypts too.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
function usingKey(kmsKey: string | undefined, actions: readonly string[]): Statement[] {
  return kmsKey === undefined ? [] : [{ Effect: 'Allow', Action: [...actions], Resource: kmsKey }];
}

function statementsFor(site: Site, { buckets, topics }: Granted, grant: Grant): Statement[] {
  const arnOf = (reference: string): string => arns.bucket(site, names.bucket(site, named(reference)));
  const keyed = (reference: string, ...actions: string[]): Statement[] =>
    usingKey(buckets[named(reference)]?.kmsKey, actions);
  if ('read' in grant) return [...reading(arnOf(grant.read)), ...keyed(grant.read, 'kms:Decrypt')];
  if ('write' in grant) {
    return [...writing(arnOf(grant.write)), ...keyed(grant.write, 'kms:GenerateDataKey', 'kms:Decrypt')];
  }
  if ('readWrite' in grant) {
    const bucket = arnOf(grant.readWrite);
    return [...reading(bucket), ...writing(bucket), ...keyed(grant.readWrite, 'kms:GenerateDataKey', 'kms:Decrypt')];
  }
  if ('publish' in grant) {
    const topic = named(grant.publish);
    return [
      { Effect: 'Allow', Action: 'sns:Publish', Resource: arns.topic(site, names.topic(site, topic)) },
      ...usingKey(topics[topic]?.kmsKey, ['kms:GenerateDataKey', 'kms:Decrypt']),
    ];
  }
  return grant satisfies never;
}

/** What the jobs of a definition may do: its grants, and nothing else. */
export const jobPolicy = (site: Site, granted: Granted, grants: readonly Grant[]): Policy =>
  policy(...grants.flatMap((grant) => statementsFor(site, granted, grant)));
