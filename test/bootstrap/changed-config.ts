import { wholeConfig } from '../support/whole-config.ts';

const { main } = wholeConfig.computeEnvironments;
const { training: _gone, ...definitions } = wholeConfig.jobDefinitions;
const { changed } = wholeConfig.topics;
const { arrivals, nightly, zoned } = wholeConfig.schedules;

/** The whole config, with some more that then goes, or is protected no more. */
export const firstConfig = {
  ...wholeConfig,
  schedules: { ...wholeConfig.schedules, nightly: { ...nightly, protect: true } },
  topics: { ...wholeConfig.topics, quiet: { ...wholeConfig.topics.quiet, protect: true } },
  buckets: { ...wholeConfig.buckets, kept: { protect: true }, old: {} },
};

/** It with a change of every kind in it that there can be: what is there is changed, protected, or goes. */
export const changedConfig = {
  ...wholeConfig,
  computeEnvironments: {
    main: { ...main, maxvCpus: 8, protect: true, override: { tags: { team: 'feeds' } } },
    more: { type: 'FARGATE_SPOT', maxvCpus: 2 },
  },
  schedulingPolicies: { teams: { shareDecay: '2h', shareDistribution: { imports: 0.5 } } },
  jobQueues: {
    feeds: { ...wholeConfig.jobQueues.feeds, priority: 7 },
    spot: { computeEnvironments: ['more'], schedulingPolicy: 'teams' },
  },
  jobDefinitions: Object.fromEntries(
    Object.entries(definitions).map(([name, each]) => [name, { ...each, protect: false, environment: { MORE: 1 } }]),
  ),
  schedules: {
    nightly: { ...nightly, cron: '0 4 * * ? *' },
    arrivals: { ...arrivals, protect: true },
    zoned: { ...zoned, cron: '0 4 * * ? *' },
  },
  topics: {
    changed: { submit: { ...changed.submit, jobName: 'consumes' }, filter: { store: ['bonn'] }, protect: true },
    quiet: {},
  },
  buckets: { feeds: { versioning: false, protect: true }, kept: {} },
  alerts: { emails: ['ops@example.com'] },
};
