import assert from 'node:assert/strict';
import test from 'node:test';
import { desiredDeadLetterQueues } from '../../scripts/desired/dead-letters.ts';
import { desiredTopics } from '../../scripts/desired/messages.ts';
import { desiredRoles } from '../../scripts/desired/roles.ts';
import { desiredBuckets } from '../../scripts/desired/storage.ts';
import type { Policy } from '../../scripts/kinds/policy.ts';
import { wholeConfig } from '../support/whole-config.ts';
import { configFrom } from '../support/written-config.ts';

const { site, config } = configFrom(wholeConfig);

const policies: readonly (readonly [of: string, policy: Policy])[] = [
  ...desiredRoles(site, config).flatMap(({ name, trust, inline }) => [
    [`${name} (trust)`, trust] as const,
    ...Object.entries(inline).map(([id, policy]) => [`${name} ${id}`, policy] as const),
  ]),
  ...[
    ...desiredTopics(site, config),
    ...desiredBuckets(site, config),
    ...desiredDeadLetterQueues(site, config),
  ].flatMap(({ name, policy }) => (policy === null ? [] : [[name, policy] as const])),
];

/** Actions that have no resource-level permission: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
const withoutResource: ReadonlySet<string> = new Set(['ecr:GetAuthorizationToken', 'batch:ListJobs']);

/** A name with an end that is not known: objects of a bucket, streams of a log group, revisions, repositories of ours. */
const openEnds = [
  /^arn:aws:s3:::unit-[a-z]+-111122223333-eu-central-1\/(claims\/)?\*$/,
  /^arn:aws:logs:eu-central-1:111122223333:log-group:\/aws\/(batch|lambda)\/unit[a-z-]*:\*$/,
  /^arn:aws:batch:eu-central-1:111122223333:job-definition\/unit-[a-z]+:\*$/,
  /^arn:aws:ecr:eu-central-1:111122223333:repository\/unit\/\*$/,
];

function tooWide({ Statement }: Policy): string[] {
  return Statement.filter(({ Effect }) => Effect === 'Allow').flatMap((statement) => {
    const { Action = [], NotAction, Resource = [], NotResource, Principal, NotPrincipal } = statement;
    const bare = Action.every((action) => withoutResource.has(action));
    return [
      ...Action.filter((action) => action.includes('*')),
      ...Resource.filter((resource) =>
        resource === '*' ? !bare : resource.includes('*') && !openEnds.some((end) => end.test(resource)),
      ),
      ...(NotAction || NotResource || NotPrincipal ? ['all but some'] : []),
      ...(JSON.stringify(Principal ?? '').includes('*') ? ['anybody'] : []),
    ];
  });
}

test('nothing is granted with * but actions that have no resource, and ends of names that nobody knows', () => {
  assert.ok(policies.length > 12, `only ${policies.length} policies`);
  const wide = policies.flatMap(([of, policy]) => tooWide(policy).map((what) => `${of}: ${what}`));
  assert.deepEqual(wide, []);
});

test('what services are let in for is something of ours, wherever they tell for what they come', () => {
  const services = policies.flatMap(([of, { Statement }]) =>
    Statement.flatMap(({ Effect, Principal, Condition, Action = [] }) =>
      Effect === 'Allow' && typeof Principal === 'object' && !Action.includes('sts:AssumeRole')
        ? [[of, JSON.stringify(Condition ?? {}).includes('aws:SourceArn')] as const]
        : [],
    ),
  );
  assert.deepEqual(services, [
    // EventBridge does not tell SNS for which rule it publishes.
    ['unit-alerts', false],
    ['unit-alerts', true],
    ['unit-successes', false],
    ['unit-undelivered-schedules', true],
    ['unit-undelivered-messages', true],
  ]);
});

test('a grant that is too wide is found, however it is written', () => {
  const allow = { Effect: 'Allow' } as const;
  const wide: Policy = {
    Version: '2012-10-17',
    Statement: [
      { ...allow, Action: ['s3:*'], Resource: ['arn:aws:s3:::unit-feeds-111122223333-eu-central-1/*'] },
      { ...allow, Action: ['batch:SubmitJob'], Resource: ['*'] },
      { ...allow, Action: ['batch:SubmitJob'], Resource: ['arn:aws:batch:eu-central-1:111122223333:job-queue/*'] },
      { ...allow, NotAction: ['iam:CreateUser'], Resource: ['x'] },
      { ...allow, Action: ['sns:Publish'], Resource: ['x'], Principal: { AWS: ['*'] } },
      { ...allow, Action: ['batch:ListJobs'], Resource: ['*'] },
    ],
  };
  assert.equal(tooWide(wide).length, 5);
});
