import { wholeConfig } from '../support/whole-config.ts';

const { main } = wholeConfig.computeEnvironments;
const { training: _gone, ...definitions } = wholeConfig.jobDefinitions;
const { nightly, zoned } = wholeConfig.schedules;

/** The whole config with a change of every kind in it that there can be: what is there is changed, protected, or goes. */
export const changedConfig = {
  ...wholeConfig,
  computeEnvironments: {
    main: { ...main, maxvCpus: 8, protect: true },
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
    nightly: { ...nightly, cron: '0 4 * * ? *', protect: true },
    zoned: { ...zoned, cron: '0 4 * * ? *' },
  },
  topics: { changed: { ...wholeConfig.topics.changed, filter: { store: ['bonn'] }, protect: true }, quiet: {} },
  buckets: { feeds: { versioning: false, protect: true } },
  alerts: { emails: ['ops@example.com'] },
};
