import type { Around, ServedCall } from '../wire/around.ts';
import { AwsError } from '../wire/errors.ts';
import { isChange, textOf } from './calls.ts';
import type { Draw } from './storm.ts';

/**
 * Reads that are consistent only eventually. Objects of S3, and lists of them, are not among them: since December 2020
 * they are always as last written. https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
 */
const eventual: Readonly<Record<string, RegExp>> = {
  batch: /^Describe(?!Jobs$)|^ListTagsForResource$/,
  events: /^(Describe|List)/,
  iam: /^(Get|List)/,
  s3: /^(GetBucket|GetPublicAccessBlock$|HeadBucket$|ListBuckets$)/,
  sns: /^(Get|List)/,
  sqs: /^(GetQueue|List)/,
};
const tags = /^List\w*Tags/;

const isEventual = ({ service, operation }: ServedCall): boolean => (eventual[service] ?? tags).test(operation);

/** How far behind a read may be, in calls of its service. */
const furthestBehind = 20;
const mostInARow = 2;

/** What a service was asked so far. */
interface Past {
  calls: number;
  /** After how many calls each change came. */
  readonly changes: number[];
}

/** An answer as it was given, after so many changes of the service; since then it has been given again so many times. */
interface Remembered {
  readonly give: () => unknown;
  readonly changes: number;
  repeated: number;
  /** How often the call was made, all in all. */
  times: number;
}

/**
 * Shortly after a change a read may be answered as it was before: by what the same call was answered last, if that was
 * still true a few calls ago. Who asks again hears the truth by the third time.
 */
export function staleReads(draw: Draw, share: number): Around {
  const pasts = new Map<string, Past>();
  const known = new Map<string, Remembered>();
  return async (call, answer) => {
    const past = pasts.get(call.service) ?? { calls: 0, changes: [] };
    pasts.set(call.service, past);
    past.calls += 1;
    if (!isEventual(call)) {
      const output = await answer(call);
      if (isChange(call)) past.changes.push(past.calls);
      return output;
    }
    const text = textOf(call);
    // What one caller was answered is not for another, who may not be allowed to hear it.
    const key = `${call.context.accessKeyId} ${text}`;
    const before = known.get(key);
    const times = (before?.times ?? 0) + 1;
    if (before !== undefined && isCurrentEnough(before, past) && draw('stale', text, times) < share) {
      before.repeated += 1;
      before.times = times;
      return before.give();
    }
    const changes = past.changes.length;
    return remembering(answer(call), (give) => known.set(key, { give, changes, repeated: 0, times }));
  };
}

function isCurrentEnough({ changes, repeated }: Remembered, past: Past): boolean {
  const outdated = past.changes[changes];
  return outdated !== undefined && past.calls - outdated <= furthestBehind && repeated < mostInARow;
}

/** A refusal is remembered, too: what is there now was not found before. */
async function remembering(answer: Promise<unknown>, remember: (give: () => unknown) => void): Promise<unknown> {
  try {
    const output = await answer;
    // Outputs may hold what the service goes on changing.
    const copy: unknown = structuredClone(output);
    remember(() => copy);
    return output;
  } catch (error) {
    if (error instanceof AwsError)
      remember(() => {
        throw error;
      });
    throw error;
  }
}
