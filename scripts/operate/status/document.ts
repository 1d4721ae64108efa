import type { Job } from '../job.ts';
import { exitCodeIn, tookOf } from '../job.ts';
import { acceptCommand } from './runs.ts';
import type { Status } from './status.ts';

const iso = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();

const identity = ({ id, name, queue, definition, status, reason }: Job) => ({
  jobId: id,
  jobName: name,
  jobQueue: queue,
  jobDefinition: definition,
  status,
  ...(reason !== '' && { reason }),
});

/** A status for programs; times are ISO 8601 in UTC, spans seconds. */
export function statusDocument(status: Status) {
  const { environment, owner, at, pause, active, moreActive, ran, fires, letters, alarms } = status;
  return {
    environment,
    owner,
    at: at.toISOString(),
    paused: pause ?? null,
    active: active.map(({ job, since, why }) => ({ ...identity(job), since: iso(since), why, children: job.children })),
    moreActive,
    ran: ran.map(({ source, runs }) => ({
      [source.kind]: source.name,
      runs: runs.map(({ job, byHand, event, records, error, accept }) => ({
        ...identity(job),
        byHand,
        createdAt: iso(job.createdAt),
        startedAt: iso(job.startedAt),
        stoppedAt: iso(job.stoppedAt),
        seconds: (tookOf(job) ?? 0) / 1_000,
        exitCode: exitCodeIn(job),
        attempts: job.attempts.length,
        event,
        records,
        error,
        accept: acceptCommand(accept, source, environment),
      })),
    })),
    schedules: fires.map(({ schedule, expression, state, next, note }) => ({
      ...{ schedule, expression, state, next: next?.toISOString() ?? null, note },
    })),
    deadLetters: letters,
    alarms: alarms.map(({ name, since, reason }) => ({ name, since: since?.toISOString(), reason })),
  };
}
