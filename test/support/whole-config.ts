const kmsKey = 'arn:aws:kms:eu-central-1:111122223333:key/1234';
const secret = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:team/api-a1b2c3';

const size = { vcpus: 0.5, memory: 1024 };
const submit = { jobName: 'nightly', jobQueue: 'feeds', jobDefinition: 'watcher' };

/** A config of which every kind of resource follows, and every policy: one or two of each. */
export const wholeConfig = {
  computeEnvironments: {
    main: { type: 'FARGATE', maxvCpus: 4 },
    large: { type: 'SPOT', maxvCpus: 16, instanceTypes: ['m7i', 'c7i'], updatePolicy: { jobExecutionTimeout: '1h' } },
  },
  schedulingPolicies: { teams: { shareDecay: '1h', shareDistribution: { imports: 0.5 }, protect: true } },
  jobQueues: {
    feeds: { priority: 5, computeEnvironments: ['main'], timeLimits: [{ reason: 'no capacity', after: '1h' }] },
    shared: { computeEnvironments: ['large'], schedulingPolicy: 'teams', state: 'DISABLED' },
  },
  jobDefinitions: {
    watcher: {
      ...size,
      image: 'jobs/feed-watcher',
      attempts: 3,
      retry: 'spot',
      environment: { PAGES: 15 },
      grants: [{ readWrite: 'bucket.feeds' }, { publish: 'topic.changed' }],
      protect: true,
    },
    plain: { ...size, image: 'public.ecr.aws/docker/library/busybox:1', command: ['true'], timeout: '15m' },
    secretive: {
      ...size,
      image: '999988887777.dkr.ecr.us-east-1.amazonaws.com/tools/export:1',
      secrets: { A: '/team/password', B: secret },
      secretsKey: kmsKey,
      grants: [{ read: 'bucket.feeds' }, { write: 'bucket.feeds' }, { publish: 'topic.quiet' }],
    },
    training: { image: 'train:1', platform: 'EC2', vcpus: 8, memory: 4096, gpus: 1 },
  },
  schedules: {
    nightly: { description: 'every night', cron: '0 3 * * ? *', submit },
    zoned: {
      cron: '0 3 * * ? *',
      timezone: 'Europe/Berlin',
      expectSuccessWithin: '26h',
      submit: { ...submit, jobName: 'zoned' },
    },
    arrivals: { eventPattern: { source: ['aws.s3'] }, submit: { ...submit, jobName: 'arrived' }, enabled: false },
  },
  topics: {
    changed: {
      submit: { jobName: 'consume', jobQueue: 'feeds', jobDefinition: 'plain', messageVariable: 'MESSAGE' },
      filter: { store: ['berlin'] },
    },
    quiet: { kmsKey, emails: ['ops@example.com'] },
  },
  buckets: { feeds: { kmsKey, versioning: true, expire: [{ prefix: 'old/', noncurrentAfter: '2d' }] } },
  // Their alarms are like those of dead letters.
  alerts: { emails: ['ops@example.com'], functionErrors: false, failedInvocations: false },
} as const;
