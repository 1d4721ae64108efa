import { createHash } from 'node:crypto';

/** Where an environment lives: everything that names and ARNs are computed from. */
export interface Site {
  readonly project: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly prefix: string;
  /** Names in AWS that entries have of their own, by section and entry: `jobQueues.feeds`. */
  readonly given?: Readonly<Record<string, string>>;
}

/** The value of the tag `baton:owner` on everything of one environment. */
export const ownerOf = (site: Site): string => `${site.project}/${site.environment}`;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

/** Cuts a name over AWS's limit and ends it in a hash of the whole, so that two long names never become one. */
function fitted(name: string, limit: number): string {
  if (name.length <= limit) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, limit - hash.length - 1)}-${hash}`;
}

const prefixed = (site: Site, name: string, limit: number): string => fitted(`${site.prefix}-${name}`, limit);

/** The name that an entry was given, or the one that is made for it. */
const given = (site: Site, section: string, name: string, made: string): string =>
  site.given?.[`${section}.${name}`] ?? made;

/** Every name that an entry of a section was given. */
export const givenIn = (site: Site, section: string): string[] =>
  Object.entries(site.given ?? {}).flatMap(([entry, name]) => (entry.startsWith(`${section}.`) ? [name] : []));

const bucketName = (site: Site, name: string): string =>
  fitted(`${site.prefix}-${name}-${site.account}-${site.region}`, 63);

/** Reads for a plan, applies, or works with jobs. */
export type GithubRole = 'plan' | 'apply' | 'operate';

/** Names in AWS of what config names; the limits are those of each service's API reference. */
export const names = {
  bucket: (site: Site, name: string): string => given(site, 'buckets', name, bucketName(site, name)),
  stateBucket: (site: Site): string => bucketName(site, 'state'),
  topic: (site: Site, name: string): string => given(site, 'topics', name, prefixed(site, name, 256)),
  queue: (site: Site, name: string): string => prefixed(site, name, 80),
  function: (site: Site, name: string): string => prefixed(site, name, 64),
  role: (site: Site, name: string): string => prefixed(site, name, 64),
  /** What GitHub's jobs act as. It does not begin with the prefix: who may change roles that do must not change these. */
  githubRole: (site: Site, name: GithubRole): string => `github-${site.prefix}-${name}`,
  /** Of an entry of schedules, be it a rule or a schedule of Scheduler. */
  rule: (site: Site, name: string): string => given(site, 'schedules', name, prefixed(site, name, 64)),
  /** No entry of schedules can have a dot in its name. */
  alertRule: (site: Site, name: string): string => prefixed(site, `alert.${name}`, 64),
  alertTopic: (site: Site): string => prefixed(site, 'alerts', 256),
  successTopic: (site: Site): string => prefixed(site, 'successes', 256),
  alarm: (site: Site, name: string): string => prefixed(site, name, 255),
  scheduleGroup: (site: Site): string => prefixed(site, 'schedules', 64),
  /** Ends in a hash of what cannot be changed in place, so that a replacement has a name of its own. */
  computeEnvironment: (site: Site, name: string, hash: string): string =>
    given(site, 'computeEnvironments', name, `${prefixed(site, name, 128 - hash.length - 1)}-${hash}`),
  schedulingPolicy: (site: Site, name: string): string =>
    given(site, 'schedulingPolicies', name, prefixed(site, name, 128)),
  jobQueue: (site: Site, name: string): string => given(site, 'jobQueues', name, prefixed(site, name, 128)),
  jobDefinition: (site: Site, name: string): string => given(site, 'jobDefinitions', name, prefixed(site, name, 128)),
  repository: (site: Site, folder: string): string => fitted(`${site.prefix}/${folder}`, 256),
} as const;

const arn = (site: Site, service: string, rest: string): string =>
  `arn:${partitionOf(site.region)}:${service}:${site.region}:${site.account}:${rest}`;

/** ARNs follow from account, region and name in AWS; nothing is looked up. */
export const arns = {
  bucket: (site: Site, bucket: string): string => `arn:${partitionOf(site.region)}:s3:::${bucket}`,
  topic: (site: Site, topic: string): string => arn(site, 'sns', topic),
  queue: (site: Site, queue: string): string => arn(site, 'sqs', queue),
  function: (site: Site, name: string): string => arn(site, 'lambda', `function:${name}`),
  role: (site: Site, role: string): string => `arn:${partitionOf(site.region)}:iam::${site.account}:role/${role}`,
  rule: (site: Site, rule: string): string => arn(site, 'events', `rule/${rule}`),
  scheduleGroup: (site: Site, group: string): string => arn(site, 'scheduler', `schedule-group/${group}`),
  schedule: (site: Site, group: string, schedule: string): string =>
    arn(site, 'scheduler', `schedule/${group}/${schedule}`),
  alarm: (site: Site, alarm: string): string => arn(site, 'cloudwatch', `alarm:${alarm}`),
  jobQueue: (site: Site, queue: string): string => arn(site, 'batch', `job-queue/${queue}`),
  job: (site: Site, id: string): string => arn(site, 'batch', `job/${id}`),
  jobDefinition: (site: Site, definition: string): string => arn(site, 'batch', `job-definition/${definition}`),
  computeEnvironment: (site: Site, name: string): string => arn(site, 'batch', `compute-environment/${name}`),
  schedulingPolicy: (site: Site, name: string): string => arn(site, 'batch', `scheduling-policy/${name}`),
  instanceProfile: (site: Site, name: string): string =>
    `arn:${partitionOf(site.region)}:iam::${site.account}:instance-profile/${name}`,
  policy: (site: Site, name: string): string => `arn:${partitionOf(site.region)}:iam::${site.account}:policy/${name}`,
  identityProvider: (site: Site, host: string): string =>
    `arn:${partitionOf(site.region)}:iam::${site.account}:oidc-provider/${host}`,
  /** One of AWS's own, in every account. */
  managedPolicy: (site: Site, name: string): string => `arn:${partitionOf(site.region)}:iam::aws:policy/${name}`,
  logGroup: (site: Site, group: string): string => arn(site, 'logs', `log-group:${group}`),
  parameter: (site: Site, parameter: string): string => arn(site, 'ssm', `parameter/${parameter}`),
  secret: (site: Site, secret: string): string => arn(site, 'secretsmanager', `secret:${secret}`),
  repository: (site: Site, repository: string): string => arn(site, 'ecr', `repository/${repository}`),
} as const;

/** Where AWS's console is, by partition. */
const consoles: Readonly<Record<string, string>> = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** A page of AWS's console: `batch/home?region=eu-central-1`. */
export const consolePage = (site: Site, page: string): string =>
  `https://${site.region}.${consoles[partitionOf(site.region)] ?? 'console.aws.amazon.com'}/${page}`;

/** The registry's host, in the partition's own domain. */
export const registryOf = (site: Site): string =>
  `${site.account}.dkr.ecr.${site.region}.amazonaws.com${site.region.startsWith('cn-') ? '.cn' : ''}`;
