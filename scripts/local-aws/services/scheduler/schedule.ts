import type {
  ActionAfterCompletion,
  FlexibleTimeWindow,
  ScheduleGroupState,
  ScheduleState,
  Target,
} from '@aws-sdk/client-scheduler';
import type { parseAt, parseSchedule } from '../../../cron/schedule.ts';
import type { Timer } from '../../runtime/clock.ts';

/** `at(…)`, or one of the expressions that EventBridge's rules know, too. */
export type Times = ReturnType<typeof parseSchedule> | ReturnType<typeof parseAt>;

/** What CreateSchedule and UpdateSchedule set, all of it at once: what an update omits is the default again. */
export interface ScheduleSettings {
  readonly expression: string;
  readonly timezone: string;
  readonly times: Times;
  readonly startDate: Date | undefined;
  readonly endDate: Date | undefined;
  readonly state: ScheduleState;
  readonly description: string | undefined;
  readonly kmsKeyArn: string | undefined;
  readonly actionAfterCompletion: ActionAfterCompletion;
  /** Accepted, but without effect: within its window AWS may invoke at any time, so also at its beginning. */
  readonly flexibleTimeWindow: FlexibleTimeWindow;
  readonly target: Target;
}

export interface Schedule {
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly created: Date;
  /** Of the call that created it: sent again, the call succeeds again. */
  readonly clientToken: string | undefined;
  modified: Date;
  settings: ScheduleSettings;
  /** When its expression was set, from which a rate counts. */
  since: number;
  /** Its next invocation. */
  timer: Timer | undefined;
}

export interface ScheduleGroup {
  readonly name: string;
  readonly arn: string;
  readonly created: Date;
  readonly clientToken: string | undefined;
  modified: Date;
  state: ScheduleGroupState;
  readonly tags: Map<string, string>;
  /** By name. */
  readonly schedules: Map<string, Schedule>;
}
