import { randomUUID } from 'node:crypto';
import { feedTypePattern } from '../messages/feed-message.ts';
import { type FeedSettings, parseFeedSettings } from '../messages/feed-settings.ts';
import { ContractError } from '../messages/json-fields.ts';
import { whyNoPattern } from '../patterns/field-pattern.ts';
import { Environment } from '../process/environment.ts';

export interface Settings {
  readonly feedUrl: URL;
  readonly type: string;
  readonly jobXmlTag: string;
  readonly bucket: string;
  readonly topicArn: string;
  readonly emptyCDATA: boolean;
  readonly feed: FeedSettings;
  /** The id of a snapshot that is published although the outage guard would hold it. */
  readonly accept: string | undefined;
  /** Milliseconds for the download. */
  readonly fetchTime: number;
  /** The Batch job, the same in each of its attempts; a name of its own for a run outside Batch. Safe in an S3 key. */
  readonly jobId: string;
}

/** Throws JobError naming every variable that is missing or wrong. */
export function readSettings(variables: NodeJS.ProcessEnv): Settings {
  const environment = new Environment(variables);
  const settings: Settings = {
    feedUrl: environment.url('FEED_URL'),
    type: environment.text('FEED_TYPE', feedTypePattern),
    jobXmlTag: environment.text('JOB_XML_TAG', /^[^\s<>/&"'=]+$/),
    bucket: environment.text('BUCKET'),
    topicArn: environment.text('TOPIC_ARN', /^arn:/),
    emptyCDATA: environment.flag('EMPTY_CDATA', true),
    feed: feedSettings(environment, variables['FEED_SETTINGS']),
    accept: environment.optionalText('ACCEPT', /^[A-Za-z0-9][A-Za-z0-9_-]*-[0-9a-f]{12}$/),
    fetchTime: environment.count('FETCH_SECONDS', 840, 1, 86_400) * 1_000,
    // A child of an array job is "<id>:<index>".
    jobId: (variables['AWS_BATCH_JOB_ID'] ?? randomUUID()).replace(/[^A-Za-z0-9-]/g, '-'),
  };
  environment.check();
  return settings;
}

function feedSettings(environment: Environment, text = ''): FeedSettings {
  try {
    return parseFeedSettings(text, whyNoPattern);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    environment.refuse('FEED_SETTINGS', `is wrong: ${error.message}`);
    return parseFeedSettings('');
  }
}
