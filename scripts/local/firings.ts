import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';

/** What schedule-to-batch logs of its input when an EventBridge rule called it. */
const InputLine = z.object({ event: z.object({ jobName: z.string(), event: z.object({ time: z.iso.datetime() }) }) });

/** One rule that fired. The time is that of its event, in milliseconds since the epoch. */
export interface Firing {
  readonly at: number;
  readonly jobName: string;
}

/** The rules that fired since a time, as the function that they call logged it, oldest first. */
export async function firingsSince(logs: CloudWatchLogsClient, logGroup: string, since: number): Promise<Firing[]> {
  const firings: Firing[] = [];
  const request = { logGroupName: logGroup, startTime: since, filterPattern: '"jobName"' };
  for await (const { events } of paginateFilterLogEvents({ client: logs }, request))
    for (const { message = '' } of events ?? []) {
      const { success, data } = InputLine.safeParse(message.startsWith('{') ? JSON.parse(message) : undefined);
      if (success) firings.push({ at: Date.parse(data.event.event.time), jobName: data.event.jobName });
    }
  return firings.sort((a, b) => a.at - b.at);
}
