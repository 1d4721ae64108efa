/**
 * The first job: looks whether a feed changed, stores the new version and tells the topic.
 * FEED_URL, FEED_TYPE, JOB_XML_TAG, BUCKET, TOPIC_ARN; EMPTY_CDATA (true),
 * FEED_SETTINGS (all defaults), FETCH_SECONDS (840), ACCEPT. Exit codes: 0 unchanged or published; 1 refused, held
 * or failed; 143 told to stop.
 */
import { s3Client, snsClient } from '../process/clients.ts';
import { logTo } from '../process/log.ts';
import { runJob, terminated } from '../process/run-job.ts';
import { shownUrl } from './download/feed-exchange.ts';
import { readSettings } from './settings.ts';
import { watchFeed } from './watch-feed.ts';

const log = logTo(process.stdout);
// Nothing needs to be saved: the next run repeats what this one did not finish. As process 1 of a container Node would ignore the signal.
process.once('SIGTERM', () => {
  log('job stopped', { signal: 'SIGTERM' });
  process.exit(terminated);
});
process.exitCode = await runJob(log, async (about) => {
  about({ type: process.env['FEED_TYPE'] });
  const settings = readSettings(process.env);
  const subject = { type: settings.type, url: shownUrl(settings.feedUrl) };
  about(subject);
  log('watch started', { ...subject, jobId: settings.jobId });
  await watchFeed({ settings, s3: s3Client(), sns: snsClient(), log });
  return 0;
});
