import { nextFire, parseCron, parseRate, ScheduleError, type Schedule as Times } from '../../cron/schedule.ts';
import { durationSeconds } from '../duration.ts';
import type { Schedule } from '../schedule-schema.ts';
import { isSchedulers, namesBegin } from '../timing.ts';
import { dotted } from '../tree.ts';
import { type Report, type Rule, submissions } from './rule.ts';

export const schedulesDoOneThing: Rule = ({ config }, report) => {
  for (const [name, { submit, targets, override }] of Object.entries(config.schedules)) {
    const path = ['schedules', name];
    if (submit === undefined && targets === undefined) report(path, 'needs submit, a job, or targets');
    if (submit !== undefined && targets !== undefined) {
      report([...path, 'targets'], 'stands beside submit: only one of the two says what is done');
    }
    if (override !== undefined && submit === undefined) {
      report([...path, 'override'], 'is laid over the target that submit makes; targets are written whole');
    }
  }
};

function checkTargets(name: string, schedule: Schedule, report: Report): void {
  const { targets = [] } = schedule;
  const scheduler = isSchedulers(schedule);
  const path = ['schedules', name, 'targets'];
  if (scheduler && targets.length > 1) report(path, 'must be one: a schedule with a time zone has one target');
  const ids = targets.map(({ Id }) => Id);
  for (const [index, target] of targets.entries()) {
    for (const field of ['Arn', scheduler ? 'RoleArn' : 'Id']) {
      if (typeof target[field] !== 'string') report([...path, index], `needs ${field}`);
    }
    if (scheduler && target['Id'] !== undefined) report([...path, index, 'Id'], 'is no field of a target of Scheduler');
    if (!scheduler && target['Id'] !== undefined && ids.indexOf(target['Id']) < index) {
      report([...path, index, 'Id'], 'is the Id of another target of this rule');
    }
  }
}

export const targetsAreEventBridges: Rule = ({ config }, report) => {
  for (const [name, schedule] of Object.entries(config.schedules)) checkTargets(name, schedule, report);
};

/** Milliseconds. Weekends and the like show within days; what is longer than an alarm can wait shows at once. */
const lookAhead = 9 * 86_400_000;
const mostFires = 2_000;

/** The longest time between two fires, as far as it can be seen: 0 for events, and for a time that is none. */
function longestGap(schedule: Schedule): number {
  try {
    if (schedule.rate !== undefined) return parseRate(schedule.rate).milliseconds;
    return schedule.cron === undefined ? 0 : longestPause(parseCron(schedule.cron), schedule.timezone);
  } catch (error) {
    // RangeError: there is no such zone. Both are told of at their own fields.
    if (error instanceof ScheduleError || error instanceof RangeError) return 0;
    throw error;
  }
}

function longestPause(parsed: Times, timezone: string | undefined): number {
  const first = nextFire(parsed, new Date(Date.UTC(2026, 0)), timezone);
  let longest = 0;
  let last = first;
  for (let fires = 0; fires < mostFires && last !== undefined && first !== undefined; fires += 1) {
    if (last.getTime() - first.getTime() > lookAhead) break;
    const next = nextFire(parsed, last, timezone);
    longest = Math.max(longest, (next?.getTime() ?? 0) - last.getTime());
    last = next;
  }
  return longest;
}

const hours = (milliseconds: number): string => `${Math.round(milliseconds / 360_000) / 10} hours`;

function checkWithin(name: string, schedule: Schedule, within: string, report: Report): void {
  const path = ['schedules', name, 'expectSuccessWithin'];
  const seconds = durationSeconds(within);
  if (schedule.at !== undefined) report(path, 'stands beside at: what comes once cannot be late again and again');
  if (schedule.submit === undefined) report(path, 'needs submit: of other targets nobody knows whether they succeeded');
  if (seconds < 300 || seconds > 7 * 86_400 || seconds % 60 !== 0) {
    report(path, 'must be whole minutes, 5m to 7d: CloudWatch looks back no further');
    return;
  }
  const gap = longestGap(schedule);
  if (gap > seconds * 1_000) {
    report(path, `is shorter than the time between two fires, up to ${hours(gap)}: the alarm would go off each time`);
  }
}

/** An alarm that always goes off, or never can, is none. */
export const successesAreExpectable: Rule = ({ config }, report) => {
  for (const [name, schedule] of Object.entries(config.schedules)) {
    const { expectSuccessWithin: within } = schedule;
    if (within !== undefined) checkWithin(name, schedule, within, report);
  }
};

/** A job of another schedule whose name begins in the same way would pass for a success of this one. */
export const successesStayApart: Rule = ({ config }, report) => {
  for (const [name, schedule] of Object.entries(config.schedules)) {
    if (schedule.expectSuccessWithin === undefined || schedule.submit === undefined) continue;
    const beginning = namesBegin(schedule, schedule.submit.jobName);
    for (const { path, submission } of submissions(config)) {
      if (path[0] === 'schedules' && path[1] === name) continue;
      if (submission.jobName.startsWith(beginning)) {
        const other = `${dotted(path)}.jobName, ${JSON.stringify(submission.jobName)}`;
        report(['schedules', name, 'submit', 'jobName'], `is how ${other}, begins: its successes would count here`);
      }
    }
  }
};
