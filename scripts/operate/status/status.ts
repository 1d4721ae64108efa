import { paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { Aws } from '../../aws/clients.ts';
import type { Pause } from '../../aws/pause-tags.ts';
import type { Site } from '../../config/names.ts';
import type { OpenEnvironment } from '../../control/environment.ts';
import { isAlerting } from '../../desired/submissions.ts';
import { type ActiveJob, activeJobs } from './active.ts';
import { type Fire, inOrder, nextFires } from './fires.ts';
import { type Letters, waitingLetters } from './letters.ts';
import { latestRuns, type Ran } from './runs.ts';
import { sourcesOf } from './sources.ts';

/** An alarm that goes off. */
interface Alarm {
  readonly name: string;
  readonly since?: Date | undefined;
  readonly reason: string;
}

/** How an environment is. */
export interface Status {
  readonly environment: string;
  readonly owner: string;
  readonly at: Date;
  readonly pause?: Pause | undefined;
  readonly active: readonly ActiveJob[];
  /** Whether there are more jobs than are told of. */
  readonly moreActive: boolean;
  readonly ran: readonly Ran[];
  readonly fires: readonly Fire[];
  readonly letters: readonly Letters[];
  readonly alarms: readonly Alarm[];
}

/** The environment's own, which begin with its prefix. */
async function ringing({ cloudwatch: client }: Aws, { prefix }: Site): Promise<Alarm[]> {
  const alarms: Alarm[] = [];
  const wanted = { AlarmNamePrefix: `${prefix}-`, StateValue: 'ALARM' } as const;
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, wanted)) {
    for (const { AlarmName: name = '', StateUpdatedTimestamp: since, StateReason: reason = '' } of MetricAlarms) {
      alarms.push({ name, since, reason });
    }
  }
  return alarms;
}

/** When each schedule itself last submitted a job that has ended. */
const lastRuns = (ran: readonly Ran[]): ReadonlyMap<string, number> =>
  new Map(
    ran.flatMap(({ source, runs }) => {
      const own = runs.find(({ byHand }) => !byHand);
      return source.kind === 'schedule' && own !== undefined ? [[source.name, own.job.createdAt] as const] : [];
    }),
  );

/** Asks AWS, and changes nothing. `last` is how many runs of each source are told of. */
export async function statusOf(environment: OpenEnvironment, last: number, now: Date): Promise<Status> {
  const { aws, loaded, owner } = environment;
  const { site, config } = loaded;
  const [pause, { jobs, more }, ran, fires, letters, alarms] = await Promise.all([
    environment.pause(),
    activeJobs({ aws, site, config }),
    latestRuns(aws, sourcesOf(site, config), last),
    nextFires(loaded, aws, now),
    waitingLetters(loaded, aws, now),
    isAlerting(config) ? ringing(aws, site) : [],
  ]);
  return {
    environment: site.environment,
    owner,
    at: now,
    pause,
    active: jobs,
    moreActive: more,
    ran,
    fires: inOrder(fires, lastRuns(ran), now),
    letters,
    alarms,
  };
}
