import { names, type Site } from '../../config/names.ts';
import type { Config } from '../../config/schema.ts';
import type { Submission } from '../../config/submission-schema.ts';
import { suggestion } from '../../config/suggestion.ts';
import { PlanError } from '../../reconcile/errors.ts';
import { type Input, inputOfSchedule } from './input.ts';

/** What is to run, before anything is laid over it. */
export interface Choice {
  /** `schedule "broadbean"` */
  readonly what: string;
  /** Whether a run of it is one of a schedule, as long as nothing is laid over it. */
  readonly isSchedules: boolean;
  /** The entry of config whose parameters the job takes. */
  readonly definition: string;
  readonly input: Input;
}

/** Where the job goes, where somebody says so. */
export interface Direction {
  readonly queue?: string | undefined;
  readonly share?: string | undefined;
}

interface Context {
  readonly site: Site;
  readonly config: Config;
}

/** Everything that can be run by hand, by its name: job definitions, and schedules that submit a job. */
export const choices = ({ jobDefinitions, schedules }: Config): string[] => [
  ...Object.keys(jobDefinitions),
  ...Object.entries(schedules).flatMap(([name, { submit }]) => (submit === undefined ? [] : [name])),
];

const submissionsOf = ({ schedules, topics }: Config): Submission[] =>
  [...Object.values(schedules), ...Object.values(topics)].flatMap(({ submit }) => submit ?? []);

const different = (values: readonly (string | undefined)[]): string[] => [
  ...new Set(values.flatMap((value) => value ?? [])),
];

/** Throws PlanError where config leaves it open, naming the queues there are. */
function queueFor(config: Config, name: string, asked: string | undefined): string {
  const queues = Object.keys(config.jobQueues);
  if (asked !== undefined) {
    if (queues.includes(asked)) return asked;
    throw new PlanError([`submitting to queue "${asked}": config has no such queue; ${suggestion(asked, queues)}`]);
  }
  const paired = different(
    submissionsOf(config).map((each) => (each.jobDefinition === name ? each.jobQueue : undefined)),
  );
  const [only] = paired;
  if (only !== undefined && paired.length === 1) return only;
  const why =
    only === undefined
      ? 'no schedule and no topic submits it, so config does not say where it goes'
      : 'schedules and topics submit it to more than one queue';
  const which = only === undefined ? queues : paired;
  throw new PlanError([`running job definition "${name}": ${why}; say --queue with one of ${which.sort().join(', ')}`]);
}

/** A queue with a scheduling policy asks for one, and no other queue takes one. */
function shareFor({ jobQueues, ...config }: Config, queue: string, name: string, asked: string | undefined) {
  if (asked !== undefined || jobQueues[queue]?.schedulingPolicy === undefined) return asked;
  const shares = different(
    submissionsOf({ jobQueues, ...config }).map((each) =>
      each.jobDefinition === name && each.jobQueue === queue ? each.shareIdentifier : undefined,
    ),
  );
  if (shares.length === 1) return shares[0];
  throw new PlanError([
    `running job definition "${name}": queue "${queue}" divides what it has by shares, and ${shares.length === 0 ? 'none is' : `more than one is (${shares.join(', ')})`} known for this job; say --share`,
  ]);
}

function definitionChoice({ site, config }: Context, name: string, { queue, share }: Direction): Choice {
  const chosen = queueFor(config, name, queue);
  const shareIdentifier = shareFor(config, chosen, name, share);
  return {
    what: `job definition "${name}"`,
    isSchedules: false,
    definition: name,
    input: {
      jobName: name,
      jobQueue: names.jobQueue(site, chosen),
      jobDefinition: names.jobDefinition(site, name),
      ...(shareIdentifier !== undefined && { shareIdentifier }),
    },
  };
}

function scheduleChoice({ site, config }: Context, name: string, { queue, share }: Direction): Choice | undefined {
  const schedule = config.schedules[name];
  if (schedule === undefined) return undefined;
  const input = inputOfSchedule(site, config, name, schedule);
  return {
    what: `schedule "${name}"`,
    isSchedules: queue === undefined && share === undefined,
    definition: schedule.submit?.jobDefinition ?? '',
    input: {
      ...input,
      ...(queue !== undefined && { jobQueue: names.jobQueue(site, queueFor(config, name, queue)) }),
      ...(share !== undefined && { shareIdentifier: share }),
    },
  };
}

/**
 * What a name of the config means: a job definition, or a schedule, each also by its path there (`schedules.broadbean`)
 * where both have the name. Throws PlanError for a name that is neither, or both.
 */
export function chosen(context: Context, job: string, direction: Direction): Choice {
  const { config } = context;
  const [, section, entry = ''] = /^(jobDefinitions|schedules)\.(.*)$/.exec(job) ?? [undefined, undefined, job];
  const isDefinition = section !== 'schedules' && Object.hasOwn(config.jobDefinitions, entry);
  const isSchedule = section !== 'jobDefinitions' && Object.hasOwn(config.schedules, entry);
  if (isDefinition && isSchedule) {
    throw new PlanError([
      `running "${entry}": it is a job definition and a schedule; say jobDefinitions.${entry} or schedules.${entry}`,
    ]);
  }
  const choice = isDefinition ? definitionChoice(context, entry, direction) : scheduleChoice(context, entry, direction);
  if (choice !== undefined) return choice;
  const { jobDefinitions, schedules } = config;
  const listed = (names: string[]): string => names.sort().join(', ') || 'none';
  throw new PlanError([
    `running "${entry}": there is no such job; ${suggestion(entry, choices(config))}`,
    `job definitions: ${listed(Object.keys(jobDefinitions))}`,
    `schedules: ${listed(Object.keys(schedules))}`,
  ]);
}
