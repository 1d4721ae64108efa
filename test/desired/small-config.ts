import { Environment } from '../../scripts/config/environment-schema.ts';
import type { Site } from '../../scripts/config/names.ts';
import { Config } from '../../scripts/config/schema.ts';

export const site: Site = {
  project: 'baton',
  environment: 'test',
  account: '111122223333',
  region: 'eu-central-1',
  prefix: 'unit',
};

export const environment = Environment.parse({
  account: site.account,
  region: site.region,
  prefix: site.prefix,
  network: { subnets: ['subnet-b', 'subnet-a'], securityGroupIds: ['sg-1'], assignPublicIp: true },
});

const definition = { vcpus: 0.5, memory: 1024 };

/** One of everything; `changes` takes the place of whole sections. */
export const smallConfig = (changes: Record<string, unknown> = {}): Config =>
  Config.parse({
    project: 'baton',
    computeEnvironments: { main: { type: 'FARGATE', maxvCpus: 4 } },
    jobQueues: { feeds: { priority: 5, computeEnvironments: ['main'] } },
    jobDefinitions: {
      watcher: {
        ...definition,
        image: 'jobs/watcher',
        attempts: 3,
        timeout: '15m',
        evaluateOnExit: [
          { action: 'RETRY', onStatusReason: 'Host EC2*' },
          { action: 'EXIT', onReason: '*' },
        ],
        environment: { PAGES: 15, BUCKET: 'unit-feeds' },
        grants: [{ readWrite: 'bucket.feeds' }, { publish: 'topic.changed' }],
      },
      plain: { ...definition, image: 'public.ecr.aws/docker/library/busybox:1', command: ['true'] },
    },
    schedules: {
      nightly: {
        description: 'every night',
        cron: '0 3 * * ? *',
        submit: {
          jobName: 'Nightly',
          jobQueue: 'feeds',
          jobDefinition: 'watcher',
          environment: { PARTS: 2, FEED_URL: 'https://example.com/feed.xml' },
        },
      },
    },
    topics: {
      changed: {
        submit: { jobName: 'consume', jobQueue: 'feeds', jobDefinition: 'plain', messageVariable: 'MESSAGE' },
      },
      quiet: {},
    },
    buckets: { feeds: { versioning: true, expire: [{ prefix: 'old/', after: '36h' }] } },
    ...changes,
  });
