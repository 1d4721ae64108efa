import { type FeedMessage, parseFeedMessage } from '../messages/feed-message.ts';
import { Environment } from '../process/environment.ts';
import { JobError } from '../process/job-error.ts';

export interface Settings {
  readonly message: FeedMessage;
  readonly bucket: string;
  readonly destination: URL;
  /** Requests under way at most. */
  readonly parallelism: number;
  /** Records in a batch at most. */
  readonly batchSize: number;
}

/** Throws JobError naming every variable that is missing or wrong, ContractError for a message that is. */
export function readSettings(variables: NodeJS.ProcessEnv): Settings {
  const environment = new Environment(variables);
  const message = environment.text('DOWNLOAD_MESSAGE');
  const settings = {
    bucket: environment.text('BUCKET'),
    destination: environment.url('DESTINATION_URL'),
    parallelism: environment.count('PARALLELISM', 4, 1, 256),
    batchSize: environment.count('BATCH_SIZE', 100, 1, 10_000),
  };
  environment.check();
  // fetch refuses such an address and tells the password in its error.
  if (settings.destination.username !== '' || settings.destination.password !== '')
    throw new JobError("reading the job's environment: DESTINATION_URL must hold no user and no password");
  return { message: parseFeedMessage(message), ...settings };
}
