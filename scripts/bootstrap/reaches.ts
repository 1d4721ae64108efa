import { arns, names, ownerOf, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import { jobLogGroup } from '../desired/parts.ts';
import type { Statement } from '../desired/policies.ts';
import { resourcesOf } from '../desired/site-resources.ts';
import type { Reach } from './permission.ts';

/** An environment as its permissions see it. */
export interface Reached {
  readonly site: Site;
  readonly config: Config;
  /** The ARN of the policy that bounds its roles. */
  readonly boundary: string;
}

type Limits = Pick<Statement, 'Condition'> & { readonly Resource: string | string[] };

const serviceOf = (action: string): string => action.slice(0, action.indexOf(':'));

const ownerTag = (of: 'Request' | 'Resource'): string => `aws:${of}Tag/baton:owner`;

/** What roles are for: ours, and one that a target of a rule, in EventBridge's own words, may have. */
const services = ['ec2', 'ecs-tasks', 'events', 'lambda', 'scheduler'].map((service) => `${service}.amazonaws.com`);

/** The roles that config names, wherever it does. */
function rolesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return /^arn:[\w-]+:iam::\d{12}:role\/\S+$/.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(rolesIn) : [];
}

/** Of AWS: the one policy that ours attach. */
const instancePolicy = (site: Site): string =>
  arns.managedPolicy(site, 'service-role/AmazonEC2ContainerServiceforEC2Role');

/** The one that jobs write to unless their definition names another. */
const logGroupsOf = (site: Site, { jobDefinitions }: Config): readonly string[] => [
  ...new Set([jobLogGroup(site), ...Object.values(jobDefinitions).flatMap(({ logGroup }) => logGroup ?? [])]),
];

/** On what, and under which conditions, actions of one reach are allowed. */
export function limitsOf({ site, config, boundary }: Reached, reach: Reach, actions: readonly string[]): Limits {
  const owner = ownerOf(site);
  const all = resourcesOf(site);
  const Resource = [...new Set(actions.map(serviceOf))].flatMap((service) => all[service] ?? []);
  const roles = arns.role(site, `${site.prefix}-*`);
  const bounded = { 'iam:PermissionsBoundary': boundary };
  const state = arns.bucket(site, names.stateBucket(site));
  switch (reach) {
    case 'anywhere':
      return { Resource: '*' };
    case 'named':
      return { Resource };
    case 'made':
      return {
        Resource,
        Condition: {
          StringEquals: { [ownerTag('Request')]: owner },
          // Some operations that make something also change what is there.
          StringEqualsIfExists: { [ownerTag('Resource')]: owner },
        },
      };
    case 'ours':
      return { Resource, Condition: { StringEquals: { [ownerTag('Resource')]: owner } } };
    case 'born bounded':
      return { Resource: roles, Condition: { StringEquals: { [ownerTag('Request')]: owner, ...bounded } } };
    case 'bounded':
      return { Resource: roles, Condition: { StringEquals: { [ownerTag('Resource')]: owner, ...bounded } } };
    case 'given':
      return {
        Resource: roles,
        Condition: {
          StringEquals: { [ownerTag('Resource')]: owner, ...bounded },
          ArnEquals: { 'iam:PolicyARN': instancePolicy(site) },
        },
      };
    case 'passed':
      return {
        Resource: [roles, ...rolesIn(config)],
        Condition: { StringEquals: { 'iam:PassedToService': services } },
      };
    case 'linked':
      return {
        Resource: arns.role(site, 'aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch'),
        Condition: { StringEquals: { 'iam:AWSServiceName': 'batch.amazonaws.com' } },
      };
    case 'jobs':
      return { Resource: arns.job(site, '*') };
    case 'logs':
      return { Resource: logGroupsOf(site, config).map((group) => `${arns.logGroup(site, group)}:*`) };
    case 'state bucket':
      return { Resource: state };
    case 'state':
      return { Resource: `${state}/*` };
    case 'lease':
      return { Resource: `${state}/leases/*` };
  }
}
