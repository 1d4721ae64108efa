import { createHash } from 'node:crypto';

/** Where an environment lives: everything that names and ARNs are computed from. */
export interface Site {
  readonly project: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly prefix: string;
}

/** The value of the tag `baton:owner` on everything of one environment. */
export const ownerOf = (site: Site): string => `${site.project}/${site.environment}`;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

/** Cuts a name over AWS's limit and ends it in a hash of the whole, so that two long names never become one. */
export function fitted(name: string, limit: number): string {
  if (name.length <= limit) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, limit - hash.length - 1)}-${hash}`;
}

const prefixed = (site: Site, name: string, limit: number): string => fitted(`${site.prefix}-${name}`, limit);

/** Names in AWS of what config names; the limits are those of each service's API reference. */
export const names = {
  bucket: (site: Site, name: string): string => fitted(`${site.prefix}-${name}-${site.account}-${site.region}`, 63),
  stateBucket: (site: Site): string => names.bucket(site, 'state'),
  topic: (site: Site, name: string): string => prefixed(site, name, 256),
  queue: (site: Site, name: string): string => prefixed(site, name, 80),
  function: (site: Site, name: string): string => prefixed(site, name, 64),
  role: (site: Site, name: string): string => prefixed(site, name, 64),
  rule: (site: Site, name: string): string => prefixed(site, name, 64),
  jobQueue: (site: Site, name: string): string => prefixed(site, name, 128),
  jobDefinition: (site: Site, name: string): string => prefixed(site, name, 128),
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
  jobQueue: (site: Site, queue: string): string => arn(site, 'batch', `job-queue/${queue}`),
  jobDefinition: (site: Site, definition: string): string => arn(site, 'batch', `job-definition/${definition}`),
  computeEnvironment: (site: Site, name: string): string => arn(site, 'batch', `compute-environment/${name}`),
  logGroup: (site: Site, group: string): string => arn(site, 'logs', `log-group:${group}`),
  parameter: (site: Site, parameter: string): string => arn(site, 'ssm', `parameter/${parameter}`),
  repository: (site: Site, repository: string): string => arn(site, 'ecr', `repository/${repository}`),
} as const;

/** The registry's host, in the partition's own domain. */
export const registryOf = (site: Site): string =>
  `${site.account}.dkr.ecr.${site.region}.amazonaws.com${site.region.startsWith('cn-') ? '.cn' : ''}`;
