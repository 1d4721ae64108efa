import { createHash } from 'node:crypto';
import { type FeedMessage, mostParts, parseFeedMessage } from '../messages/feed-message.ts';
import { Environment } from '../process/environment.ts';
import type { OpenDestination } from './destinations/destination.ts';
import { destinations } from './destinations/destinations.ts';
import { type Allowance, readAllowance } from './progress/allowance.ts';
import { suffixes } from './progress/checkpoint.ts';

export interface Settings {
  readonly message: FeedMessage;
  readonly bucket: string;
  readonly destination: URL;
  readonly open: OpenDestination;
  /** Requests under way at most. */
  readonly parallelism: number;
  /** Records in a batch at most. */
  readonly batchSize: number;
  /** Milliseconds between two checkpoints. */
  readonly checkpointInterval: number;
  /** Milliseconds that requests under way get after SIGTERM. */
  readonly stopTime: number;
  readonly mostRejects: Allowance;
  /** Names another delivery of a snapshot that was delivered before, or is older than the latest. */
  readonly again: string | undefined;
  /** Which child of an array job this is, from 0 on. */
  readonly arrayIndex: number | undefined;
}

export const defaults = { stopTime: 20_000 } as const;

/** ECS kills a container of Batch 30 s after SIGTERM, its default stopTimeout: the rest of them is for the last checkpoint. */
const longestStop = 25;

const ownSuffixes: ReadonlySet<string> = new Set(Object.values(suffixes));

/** Throws JobError naming every variable that is missing or wrong, ContractError for a message that is. */
export function readSettings(variables: NodeJS.ProcessEnv, kinds = destinations): Settings {
  const environment = new Environment(variables);
  const message = environment.text('DOWNLOAD_MESSAGE');
  const bucket = environment.text('BUCKET');
  const destination = environment.url('DESTINATION_URL', [...kinds.keys()]);
  // Names that deliveries of the same snapshot have without it.
  const again = environment.optionalText('AGAIN', /^[a-z0-9]{1,20}$/);
  if (again !== undefined && ownSuffixes.has(`-${again}`))
    environment.refuse('AGAIN', `"${again}" is what other deliveries are called; take another word`);
  const open = kinds.get(destination.protocol)?.(environment, destination);
  const settings = {
    bucket,
    destination,
    parallelism: environment.count('PARALLELISM', 4, 1, 64),
    batchSize: environment.count('BATCH_SIZE', 100, 1, 10_000),
    checkpointInterval: environment.count('CHECKPOINT_SECONDS', 2, 0, 3_600) * 1_000,
    stopTime: environment.count('STOP_SECONDS', defaults.stopTime / 1_000, 1, longestStop) * 1_000,
    mostRejects: readAllowance(environment),
    again,
    arrayIndex: environment.optionalCount('AWS_BATCH_JOB_ARRAY_INDEX', 0, mostParts - 1),
  };
  environment.check();
  if (open === undefined) throw new Error(`no kind of destination for ${destination.protocol}`);
  return { message: parseFeedMessage(message), open, ...settings };
}

/** Tells one destination from another in checkpoints. Path and query may hold a secret, so a hash stands for them. */
export function destinationName({ protocol, host, pathname, search }: URL): string {
  const rest = createHash('sha256').update(`${pathname}${search}`).digest('hex').slice(0, 16);
  return `${protocol}//${host}/${rest}`;
}
