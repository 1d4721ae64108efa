import { type Policy, parseIdentityPolicy } from '../services/iam/policy.ts';

const allow = (...statements: readonly { readonly Action: readonly string[]; readonly Resource: string }[]): Policy =>
  parseIdentityPolicy(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
    }),
  );
const everywhere = (...actions: readonly string[]): Policy => allow({ Action: actions, Resource: '*' });

/**
 * AWS's own policies that roles of pipelines commonly have, as far as the services here go. What another one allows is
 * not known here. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const managed: ReadonlyMap<string, Policy> = new Map([
  ['AdministratorAccess', everywhere('*')],
  ['AmazonS3FullAccess', everywhere('s3:*')],
  ['AmazonS3ReadOnlyAccess', everywhere('s3:Get*', 's3:List*', 's3:Describe*')],
  ['AmazonSNSFullAccess', everywhere('sns:*')],
  ['AmazonSQSFullAccess', everywhere('sqs:*')],
  ['AWSLambda_FullAccess', everywhere('lambda:*', 'logs:DescribeLogGroups', 'tag:GetResources')],
  ['CloudWatchLogsFullAccess', everywhere('logs:*')],
  [
    'service-role/AmazonECSTaskExecutionRolePolicy',
    everywhere(
      'ecr:GetAuthorizationToken',
      'ecr:BatchCheckLayerAvailability',
      'ecr:GetDownloadUrlForLayer',
      'ecr:BatchGetImage',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ),
  ],
  [
    'service-role/AWSLambdaBasicExecutionRole',
    everywhere('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'),
  ],
]);

/** `undefined` for a policy whose statements are not known here. */
export const managedPolicy = (arn: string): Policy | undefined =>
  managed.get(arn.replace(/^arn:[^:]+:iam::aws:policy\//, ''));
