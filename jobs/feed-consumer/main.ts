/**
 * The second job: delivers the records of the snapshot that DOWNLOAD_MESSAGE names to DESTINATION_URL; as a child of an
 * array job, those of its part. BUCKET; PARALLELISM (4), BATCH_SIZE (100), CHECKPOINT_SECONDS (2), and what the kind of
 * destination reads. Exit codes: 0 delivered, refused records noted in rejects/; 1 failed; 143 told to stop. After 1 and
 * 143 the next attempt goes on where this one ended.
 */
import { s3Client } from '../process/clients.ts';
import { logTo } from '../process/log.ts';
import { runJob, terminated } from '../process/run-job.ts';
import { consumeFeed } from './consume-feed.ts';
import { readSettings } from './settings.ts';

/** Batch kills 30 s after SIGTERM; requests under way get most of that. */
const grace = 20_000;

const log = logTo(process.stdout);
const stop = new AbortController();
const abort = new AbortController();
process.once('SIGTERM', () => {
  log('job stopping', { signal: 'SIGTERM' });
  stop.abort();
  setTimeout(() => abort.abort(), grace).unref();
});
const exitCode = await runJob(log, async () => {
  const settings = readSettings(process.env);
  const { message, destination, parallelism, batchSize, arrayIndex } = settings;
  const { protocol, host } = destination;
  log('delivery started', {
    type: message.type,
    destination: `${protocol}//${host}`,
    parallelism,
    batchSize,
    arrayIndex,
  });
  const outcome = await consumeFeed({ settings, s3: s3Client(), log, stop: stop.signal, abort: abort.signal });
  return outcome === 'stopped' ? terminated : 0;
});
process.exitCode = exitCode;
// A read that is stuck would keep the process until Batch kills it.
if (stop.signal.aborted) process.exit(exitCode);
