import { AttachRolePolicyCommand, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { policy } from '../../scripts/kinds/policy.ts';
import { roleKind } from '../../scripts/kinds/role.ts';
import { contract } from './contract.ts';

const trust = (service: string) =>
  policy({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' });

contract('a role', {
  kind: roleKind,
  desired: {
    name: 'unit-job-watcher',
    trust: trust('ecs-tasks.amazonaws.com'),
    inline: { grants: policy({ Effect: 'Allow', Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::feeds/*' }) },
    managed: [],
  },
  drifts: {
    'inline.grants.Statement[0].Action': (aws, { RoleName }) =>
      aws.iam.send(
        new PutRolePolicyCommand({
          RoleName,
          PolicyName: 'grants',
          PolicyDocument: JSON.stringify(
            policy({ Effect: 'Allow', Action: ['s3:*'], Resource: 'arn:aws:s3:::feeds/*' }),
          ),
        }),
      ),
    'inline.more': (aws, { RoleName }) =>
      aws.iam.send(
        new PutRolePolicyCommand({
          RoleName,
          PolicyName: 'more',
          PolicyDocument: JSON.stringify(policy({ Effect: 'Allow', Action: ['*'], Resource: '*' })),
        }),
      ),
    managed: (aws, { RoleName }) =>
      aws.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })),
    'trust.Statement[0].Principal.Service': (aws, { RoleName }) =>
      aws.iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName,
          PolicyDocument: JSON.stringify(trust('ec2.amazonaws.com')),
        }),
      ),
  },
});
