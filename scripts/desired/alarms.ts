import { arns, names, type Site } from '../config/names.ts';
import type { Schedule } from '../config/schedule-schema.ts';
import type { Config } from '../config/schema.ts';
import { isSchedulers, lookbackOver, namesBegin } from '../config/timing.ts';
import type { AlarmSpec } from '../kinds/alarm.ts';
import type { RuleSpec } from '../kinds/rule.ts';
import { successRuleName } from './alert-rules.ts';
import { type DeadLetterPath, deadLetterNames, type FunctionName, functionLogGroup, jobLogGroup } from './parts.ts';
import { expected, isAlerting, usedFunctions } from './submissions.ts';

type Watched = Pick<AlarmSpec, 'namespace' | 'metric' | 'dimensions'>;

/** An alarm that tells of trouble. A new one says that all is well: nobody needs to hear that of each. */
const alarm = (
  site: Site,
  name: string,
  description: string,
  watched: Watched,
  judged: Omit<AlarmSpec, keyof Watched | 'name' | 'description' | 'actionsEnabled' | 'other' | `on${string}`>,
): AlarmSpec => {
  const told = [arns.topic(site, names.alertTopic(site))];
  return {
    name: names.alarm(site, name),
    description,
    ...watched,
    ...judged,
    actionsEnabled: true,
    onAlarm: told,
    onOk: [],
    onInsufficientData: [],
    other: {},
  };
};

/** One in five minutes is enough; where nothing is reported, nothing happened. */
const anyAtAll = (statistic: AlarmSpec['statistic']) =>
  ({
    statistic,
    periodSeconds: 300,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    threshold: 0,
    comparison: 'GreaterThanThreshold',
    missingData: 'notBreaching',
  }) as const;

const logOf = (site: Site, name: FunctionName): string =>
  `aws logs tail ${functionLogGroup(site, name)} --since 1h --region ${site.region}`;

/** What lies in each of the queues, and where to look further. */
const lost = {
  schedules: (site: Site) =>
    `Schedules fired and their jobs were not submitted: EventBridge could not invoke the function. Its log: ${logOf(site, 'schedule-to-batch')}`,
  messages: (site: Site) =>
    `Messages came and their jobs were not submitted: SNS could not invoke the function. Its log: ${logOf(site, 'topic-to-batch')}`,
  invocations: (site: Site) =>
    `Jobs were not submitted: a function failed three times. The logs: ${logOf(site, 'schedule-to-batch')}; ${logOf(site, 'topic-to-batch')}`,
} as const satisfies Readonly<Record<DeadLetterPath, (site: Site) => string>>;

const pathsUsed = (config: Config): DeadLetterPath[] => {
  const used = usedFunctions(config);
  return [
    ...(used.includes('schedule-to-batch') ? (['schedules'] as const) : []),
    ...(used.includes('topic-to-batch') ? (['messages'] as const) : []),
    ...(used.length > 0 ? (['invocations'] as const) : []),
  ];
};

function deadLetterAlarm(site: Site, path: DeadLetterPath): AlarmSpec {
  const queue = names.queue(site, deadLetterNames[path]);
  const look = `npm run replay -- --environment ${site.environment}`;
  return alarm(
    site,
    `dead-letters.${deadLetterNames[path]}`,
    `Dead-letter queue ${queue} is not empty. ${lost[path](site)}. What lies there, and what to do about it: ${look}`,
    { namespace: 'AWS/SQS', metric: 'ApproximateNumberOfMessagesVisible', dimensions: { QueueName: queue } },
    anyAtAll('Maximum'),
  );
}

const functionAlarm = (site: Site, name: FunctionName): AlarmSpec =>
  alarm(
    site,
    `errors.${name}`,
    `Function ${names.function(site, name)} failed, so that a job was perhaps not submitted. Lambda tries twice more; what fails then lies in queue ${names.queue(site, deadLetterNames.invocations)}. Its log: ${logOf(site, name)}`,
    { namespace: 'AWS/Lambda', metric: 'Errors', dimensions: { FunctionName: names.function(site, name) } },
    anyAtAll('Sum'),
  );

const planCommand = ({ environment }: Site): string => `npm run reconcile -- plan --environment ${environment}`;

const ruleAlarm = (site: Site, rule: string): AlarmSpec =>
  alarm(
    site,
    `failed-invocations.${rule}`,
    `Rule ${rule} fired and could not invoke its target. Whether somebody changed one of them: ${planCommand(site)}`,
    { namespace: 'AWS/Events', metric: 'FailedInvocations', dimensions: { RuleName: rule } },
    anyAtAll('Sum'),
  );

/** Scheduler counts by group, not by schedule. */
function groupAlarms(site: Site): AlarmSpec[] {
  const group = names.scheduleGroup(site);
  const watched = (metric: string): Watched => ({
    namespace: 'AWS/Scheduler',
    metric,
    dimensions: { ScheduleGroup: group },
  });
  const look = `Which one: ${logOf(site, 'schedule-to-batch')} shows those that came through. Whether somebody changed something: ${planCommand(site)}`;
  return [
    alarm(
      site,
      'schedule-errors',
      `A schedule of group ${group} fired and its target refused; Scheduler tries again. ${look}`,
      watched('TargetErrorCount'),
      anyAtAll('Sum'),
    ),
    alarm(
      site,
      'schedule-drops',
      `A schedule of group ${group} fired and was given up: its job was not submitted. ${look}`,
      watched('InvocationDroppedCount'),
      anyAtAll('Sum'),
    ),
  ];
}

/** No success in any of the periods, and none is what CloudWatch sees as missing. */
function successAlarm(site: Site, name: string, schedule: Schedule, within: string): AlarmSpec[] {
  const { submit } = schedule;
  if (submit === undefined) return [];
  const queue = names.jobQueue(site, submit.jobQueue);
  const beginning = namesBegin(schedule, submit.jobName);
  const { periodSeconds, periods } = lookbackOver(within);
  const jobs = `aws batch list-jobs --region ${site.region} --job-queue ${queue} --filters name=JOB_NAME,values=${beginning}*`;
  const none = `If there is none, it was not submitted: ${logOf(site, 'schedule-to-batch')}`;
  const late = alarm(
    site,
    `no-success.${name}`,
    `No job of schedule ${name} succeeded within ${within}, in queue ${queue}. Its jobs: ${jobs}; their log: ${jobLogGroup(site)}. ${none}`,
    { namespace: 'AWS/Events', metric: 'Invocations', dimensions: { RuleName: successRuleName(site, name) } },
    {
      statistic: 'Sum',
      periodSeconds,
      evaluationPeriods: periods,
      datapointsToAlarm: periods,
      threshold: 1,
      comparison: 'LessThanThreshold',
      missingData: 'breaching',
    },
  );
  // Whoever was told that it is late is told that it has come.
  return [{ ...late, onOk: late.onAlarm }];
}

/** `rules` are all there are: those of alerts are watched as well, for nobody hears of an alert that fails. */
export function desiredAlarms(site: Site, config: Config, rules: readonly RuleSpec[]): AlarmSpec[] {
  const { alerts, schedules } = config;
  if (!isAlerting(config)) return [];
  const scheduled = Object.values(schedules).some(isSchedulers);
  return [
    ...(alerts.deadLetters ? pathsUsed(config).map((path) => deadLetterAlarm(site, path)) : []),
    ...(alerts.functionErrors ? usedFunctions(config).map((name) => functionAlarm(site, name)) : []),
    ...(alerts.failedInvocations ? rules.map(({ name }) => ruleAlarm(site, name)) : []),
    ...(alerts.failedInvocations && scheduled ? groupAlarms(site) : []),
    ...expected(config).flatMap(([name, schedule, within]) => successAlarm(site, name, schedule, within)),
  ];
}
