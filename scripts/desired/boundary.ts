import { arns, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import { type Policy, policy } from '../kinds/policy.ts';
import type { Statement } from './policies.ts';
import { desiredRoles } from './roles.ts';
import { resourcesOf } from './site-resources.ts';

/** A managed policy holds 6,144 characters, white space not counted. */
export const managedLimit = 6_144;

/**
 * What instances of compute environments do for ECS, as in AWS's policy AmazonEC2ContainerServiceforEC2Role. Nothing of it
 * is limited to resources there either.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerServiceforEC2Role.html
 */
const ofInstances = [
  ...['ec2:DescribeTags', 'ecs:CreateCluster', 'ecs:DeregisterContainerInstance', 'ecs:DiscoverPollEndpoint'],
  ...['ecs:Poll', 'ecs:RegisterContainerInstance', 'ecs:StartTelemetrySession', 'ecs:Submit*', 'ecs:TagResource'],
  ...['ecs:UpdateContainerInstancesState'],
];

const inside = (arns: readonly string[]): string[] => arns.map((arn) => `${arn}/*`);

/** What jobs, Lambdas, Scheduler and containers may ever need of what bears our prefix, whatever grants say one day. */
function underPrefix(site: Site): Statement[] {
  const all = resourcesOf(site);
  const of = (service: string): string[] => [...(all[service] ?? [])];
  const allow = (Sid: string, Action: string[], Resource: string[]): Statement => ({
    Sid,
    Effect: 'Allow',
    Action,
    Resource,
  });
  return [
    allow('Everywhere', ['batch:ListJobs', 'ecr:GetAuthorizationToken', ...ofInstances], ['*']),
    allow('ListBuckets', ['s3:ListBucket'], of('s3')),
    allow(
      'Objects',
      [
        ...['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:GetObject', 's3:ListMultipartUploadParts'],
        ...['s3:PutObject'],
      ],
      inside(of('s3')),
    ),
    allow(
      'HandOn',
      ['batch:SubmitJob', 'lambda:InvokeFunction', 'sns:Publish', 'sqs:SendMessage'],
      [
        // Jobs are submitted to a queue, by a definition.
        ...of('batch').filter((arn) => /:job-(?:definition|queue)\//.test(arn)),
        ...['lambda', 'sns', 'sqs'].flatMap(of),
      ],
    ),
    allow(
      'PullImages',
      ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      of('ecr'),
    ),
    allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], of('logs')),
    allow('ReadParameters', ['ssm:GetParameters'], [arns.parameter(site, `${site.prefix}/*`)]),
    allow('ReadSecrets', ['secretsmanager:GetSecretValue'], [arns.secret(site, `${site.prefix}/*`)]),
  ];
}

const listed = (value: Statement['Action'] | Statement['Resource']): string[] => [value ?? []].flat().map(String);

/** `*` stands for any text. */
const fits = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  ).test(text);

const allows =
  (action: string, resource: string) =>
  (statement: Statement): boolean =>
    listed(statement.Action).some((pattern) => fits(pattern, action)) &&
    listed(statement.Resource).some((pattern) => fits(pattern, resource));

/**
 * What config grants today on what does not bear our prefix, by resource: secrets and keys, images of another registry,
 * what was given a name. A boundary allows it only since it was made for this config.
 */
export function grantedBesides(site: Site, config: Config): ReadonlyMap<string, ReadonlySet<string>> {
  const general = underPrefix(site);
  const actionsOn = new Map<string, Set<string>>();
  const granted = desiredRoles(site, config).flatMap(({ inline }) =>
    Object.values(inline).flatMap(({ Statement }) => Statement),
  );
  for (const { Action = [], Resource = [] } of granted)
    for (const resource of Resource)
      for (const action of Action)
        if (!general.some(allows(action, resource)))
          actionsOn.set(resource, (actionsOn.get(resource) ?? new Set()).add(action));
  return actionsOn;
}

/** A statement for each set of actions. */
function besides(actionsOn: ReadonlyMap<string, ReadonlySet<string>>): Statement[] {
  const resourcesUnder = new Map<string, string[]>();
  for (const [resource, actions] of actionsOn) {
    const key = [...actions].sort().join();
    resourcesUnder.set(key, [...(resourcesUnder.get(key) ?? []), resource]);
  }
  return [...resourcesUnder]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([actions, Resource], at) => ({
      Sid: `Named${at + 1}`,
      Effect: 'Allow',
      Action: actions.split(','),
      Resource,
    }));
}

/** What every role of an environment may do at most, whatever its own policies say. Nothing of IAM. */
export function boundaryOf(site: Site, config: Config): Policy {
  return policy(...underPrefix(site), ...besides(grantedBesides(site, config)));
}
