import { durationSeconds } from '../config/duration.ts';
import { momentOf } from '../config/moment.ts';
import { arns, names, type Site } from '../config/names.ts';
import type { Schedule } from '../config/schedule-schema.ts';
import type { Config } from '../config/schema.ts';
import { submissionInput } from '../config/submission.ts';
import type { Submission } from '../config/submission-schema.ts';
import { expressionOf, isSchedulers } from '../config/timing.ts';
import type { RuleSpec } from '../kinds/rule.ts';
import { overriddenTarget, type RuleTarget, writtenTarget } from '../kinds/rule-target.ts';
import type { ScheduleSpec } from '../kinds/schedule.ts';
import { type ScheduleGroupSpec, scheduleName } from '../kinds/schedule-group.ts';
import { overriddenScheduleTarget, type ScheduleTarget, writtenScheduleTarget } from '../kinds/schedule-target.ts';
import { jsonOf } from '../kinds/target-input.ts';
import { deadLetterArn, functionArn, roleArn, schedulerRole } from './parts.ts';

type Entry = readonly [name: string, schedule: Schedule];

const entries = ({ schedules }: Config, schedulers: boolean): Entry[] =>
  Object.entries(schedules).filter(([, schedule]) => isSchedulers(schedule) === schedulers);

/** The rules that may invoke our function: all that bear our prefix, and those that submit under a name of their own. */
export function invokingRules(site: Site, config: Config): string[] {
  const given = entries(config, false).flatMap(([, { name, submit }]) => (submit === undefined ? [] : (name ?? [])));
  return [`${site.prefix}-*`, ...given].map((name) => arns.rule(site, name));
}

/** As often as EventBridge can. After six hours a run is better looked at than started. */
const patience = { retries: 185, maximumAgeSeconds: 6 * 3_600 } as const;

/**
 * The submission with the event's own id and time, by which two deliveries of one event are recognised. A time comes once;
 * of events, several can come in one second, so that only the id tells them apart.
 */
function submittingTarget(site: Site, { eventPattern, override }: Schedule, submit: Submission): RuleTarget {
  const [event, paths] =
    eventPattern === undefined
      ? [
          { id: '<id>', time: '<time>' },
          { id: '$.id', time: '$.time' },
        ]
      : [{ id: '<id>' }, { id: '$.id' }];
  const target: RuleTarget = {
    id: 'schedule-to-batch',
    arn: functionArn(site, 'schedule-to-batch'),
    input: { ...submissionInput(site, submit), event },
    paths,
    ...patience,
    deadLetterArn: deadLetterArn(site, 'schedules'),
    other: {},
  };
  return override === undefined ? target : overriddenTarget(target, override);
}

function targetsOf(site: Site, schedule: Schedule): RuleTarget[] {
  const { submit, targets = [] } = schedule;
  if (submit !== undefined) return [submittingTarget(site, schedule, submit)];
  return targets.map(writtenTarget).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Times in UTC, and events. */
export const desiredRules = (site: Site, config: Config): RuleSpec[] =>
  entries(config, false).map(([name, schedule]) => ({
    name: names.rule(site, name),
    protect: schedule.protect,
    description: schedule.description ?? '',
    expression: expressionOf(schedule) ?? null,
    pattern: schedule.eventPattern === undefined ? null : jsonOf(schedule.eventPattern),
    state: schedule.enabled ? 'ENABLED' : 'DISABLED',
    roleArn: null,
    targets: targetsOf(site, schedule),
  }));

function scheduleTargetOf(site: Site, { submit, targets = [], override }: Schedule): ScheduleTarget {
  if (submit === undefined) return writtenScheduleTarget(targets[0] ?? {});
  const target: ScheduleTarget = {
    arn: functionArn(site, 'schedule-to-batch'),
    roleArn: roleArn(site, schedulerRole),
    input: {
      ...submissionInput(site, submit),
      event: { id: '<aws.scheduler.execution-id>', time: '<aws.scheduler.scheduled-time>' },
    },
    ...patience,
    deadLetterArn: deadLetterArn(site, 'schedules'),
    other: {},
  };
  return override === undefined ? target : overriddenScheduleTarget(target, override);
}

const isoDate = (text: string | undefined): string | null => (text === undefined ? null : momentOf(text).toISOString());

/** What a rule cannot say: times in a zone, once, within a window, from and until a day. */
export const desiredSchedules = (site: Site, config: Config): ScheduleSpec[] =>
  entries(config, true).map(([name, schedule]) => ({
    name: scheduleName(names.scheduleGroup(site), names.rule(site, name)),
    protect: schedule.protect,
    description: schedule.description ?? '',
    expression: expressionOf(schedule) ?? '',
    timezone: schedule.timezone ?? 'UTC',
    startDate: isoDate(schedule.startDate),
    endDate: isoDate(schedule.endDate),
    state: schedule.enabled ? 'ENABLED' : 'DISABLED',
    flexibleWindow: schedule.flexibleWindow === undefined ? null : durationSeconds(schedule.flexibleWindow) / 60,
    // What deletes itself would be made again by the next apply.
    afterCompletion: 'NONE',
    kmsKeyArn: null,
    target: scheduleTargetOf(site, schedule),
  }));

export const desiredScheduleGroups = (site: Site, config: Config): ScheduleGroupSpec[] =>
  entries(config, true).length === 0 ? [] : [{ name: names.scheduleGroup(site) }];
