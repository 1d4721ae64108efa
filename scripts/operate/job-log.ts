import { type CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { found } from '../aws/errors.ts';

interface Stream {
  readonly group: string;
  readonly name: string;
}

/** Reads on where it stopped: what a stream has got since. */
export interface LogReader {
  next(): Promise<readonly string[]>;
}

/** A stream that is not there yet has no lines yet. */
export function logReader(logs: CloudWatchLogsClient, { group, name }: Stream): LogReader {
  let token: string | undefined;
  const page = () =>
    found(
      logs.send(
        new GetLogEventsCommand({
          logGroupName: group,
          logStreamName: name,
          startFromHead: true,
          ...(token !== undefined && { nextToken: token }),
        }),
      ),
    );
  return {
    next: async () => {
      const lines: string[] = [];
      for (;;) {
        const answer = await page();
        lines.push(...(answer?.events ?? []).map(({ message }) => message ?? ''));
        // A page may be empty though there is more: at the end, and only there, the token stays the same.
        if (answer?.nextForwardToken === undefined || answer.nextForwardToken === token) return lines;
        token = answer.nextForwardToken;
      }
    },
  };
}

/** The last lines of a stream, oldest first; none where there is no stream. */
export async function logTail(logs: CloudWatchLogsClient, { group, name }: Stream, lines: number): Promise<string[]> {
  const request = { logGroupName: group, logStreamName: name, limit: lines, startFromHead: false };
  const answer = await found(logs.send(new GetLogEventsCommand(request)));
  return (answer?.events ?? []).map(({ message }) => message ?? '');
}
