import { arns, consolePage, givenIn, names, type Site } from '../config/names.ts';
import type { Schedule } from '../config/schedule-schema.ts';
import type { Config } from '../config/schema.ts';
import { namesBegin } from '../config/timing.ts';
import type { RuleSpec } from '../kinds/rule.ts';
import type { RuleTarget } from '../kinds/rule-target.ts';
import { jobLogGroup } from './parts.ts';
import { expected, isAlerting } from './submissions.ts';

type Pattern = RuleSpec['pattern'];
type Input = RuleTarget['input'];

const alertRule = (site: Site, name: string, description: string, pattern: Pattern, target: RuleTarget): RuleSpec => ({
  name: names.alertRule(site, name),
  protect: false,
  description,
  expression: null,
  pattern,
  state: 'ENABLED',
  roleArn: null,
  targets: [target],
});

/** With AWS's own patience: who is told late is told all the same. */
const tell = (topicArn: string, input: Input, paths: RuleTarget['paths']): RuleTarget => ({
  id: 'topic',
  arn: topicArn,
  input,
  paths,
  retries: 185,
  maximumAgeSeconds: 86_400,
  deadLetterArn: null,
  other: {},
});

/** All queues that bear our prefix, and those whose names were given: a list of all would be too long for a pattern. */
const ourQueues = (site: Site) => [
  { prefix: arns.jobQueue(site, `${site.prefix}-`) },
  ...givenIn(site, 'jobQueues').map((name) => arns.jobQueue(site, name)),
];

/**
 * Values stand bare where they may hold quotes, which EventBridge then escapes; what is missing leaves an empty text.
 * A reason is always there.
 */
function jobMessage(site: Site, alert: string): Pick<RuleTarget, 'input' | 'paths'> {
  const { region } = site;
  return {
    input: {
      alert,
      reason: '<reason>',
      queue: '<queue>',
      job: consolePage(site, `batch/home?region=${region}#jobs/detail/<id>`),
      log: `log group ${jobLogGroup(site)}, stream <stream>`,
      look: `aws batch describe-jobs --jobs <id> --region ${region}`,
    },
    paths: {
      name: '$.detail.jobName',
      reason: '$.detail.statusReason',
      queue: '$.detail.jobQueue',
      id: '$.detail.jobId',
      stream: '$.detail.container.logStreamName',
    },
  };
}

function jobRule(site: Site, name: string, description: string, pattern: Pattern, alert: string): RuleSpec {
  const { input, paths } = jobMessage(site, alert);
  const topicArn = arns.topic(site, names.alertTopic(site));
  return alertRule(site, name, description, pattern, tell(topicArn, input, paths));
}

/** Of an array job the whole is told, and not each of its parts. */
const failedJobs = (site: Site): RuleSpec =>
  jobRule(
    site,
    'failed-jobs',
    'Tells of each job that failed',
    {
      source: ['aws.batch'],
      'detail-type': ['Batch Job State Change'],
      detail: { status: ['FAILED'], jobQueue: ourQueues(site), arrayProperties: { index: [{ exists: false }] } },
    },
    `job <name> failed in ${site.environment}`,
  );

const blockedQueues = (site: Site): RuleSpec =>
  jobRule(
    site,
    'blocked-queues',
    'Tells of each queue whose first job cannot start',
    {
      source: ['aws.batch'],
      'detail-type': ['Batch Job Queue Blocked'],
      detail: { jobQueue: ourQueues(site) },
    },
    `a queue is blocked in ${site.environment}: job <name> cannot start, and all behind it wait`,
  );

export const successRuleName = (site: Site, schedule: string): string => names.alertRule(site, `succeeded.${schedule}`);

/**
 * Batch tells of each success, and no metric does; so a rule counts them. It has a target because EventBridge counts
 * invocations for certain. Whoever wants to hear of successes subscribes to its topic.
 */
function successRule(site: Site, name: string, schedule: Schedule, within: string): RuleSpec[] {
  const { submit } = schedule;
  if (submit === undefined) return [];
  const pattern: Pattern = {
    source: ['aws.batch'],
    'detail-type': ['Batch Job State Change'],
    detail: {
      status: ['SUCCEEDED'],
      jobQueue: [arns.jobQueue(site, names.jobQueue(site, submit.jobQueue))],
      jobName: [{ prefix: namesBegin(schedule, submit.jobName) }],
    },
  };
  const input = { schedule: name, job: '<name>', succeeded: '<time>' };
  const target = tell(arns.topic(site, names.successTopic(site)), input, { name: '$.detail.jobName', time: '$.time' });
  const description = `Counts the successes of schedule ${name}, which must come within ${within}`;
  return [alertRule(site, `succeeded.${name}`, description, pattern, target)];
}

export function desiredAlertRules(site: Site, config: Config): RuleSpec[] {
  if (!isAlerting(config)) return [];
  return [
    ...(config.alerts.failedJobs ? [failedJobs(site)] : []),
    ...(config.alerts.blockedQueues ? [blockedQueues(site)] : []),
    ...expected(config).flatMap(([name, schedule, within]) => successRule(site, name, schedule, within)),
  ];
}
