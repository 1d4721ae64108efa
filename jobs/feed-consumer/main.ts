/**
 * The second job: delivers the records of the snapshot that DOWNLOAD_MESSAGE names to DESTINATION_URL; as a child of an
 * array job, those of its part. BUCKET; PARALLELISM (4), BATCH_SIZE (100), CHECKPOINT_SECONDS (2), STOP_SECONDS (20),
 * MAX_REJECTS (10%, or 10,000 where that is more), AGAIN, and what the kind of destination reads. Exit codes: 0 delivered,
 * refused records noted in rejects/, or delivered before, or superseded; 1 failed; 143 told to stop. After 1 and 143 the next
 * attempt goes on where this one ended.
 */
import { setMaxListeners } from 'node:events';
import { s3Client } from '../process/clients.ts';
import { logTo } from '../process/log.ts';
import { runJob, terminated } from '../process/run-job.ts';
import { consumeFeed } from './consume-feed.ts';
import { defaults, readSettings } from './settings.ts';

const log = logTo(process.stdout);
const stop = new AbortController();
const abort = new AbortController();
const end = new AbortController();
/** Milliseconds for the last checkpoint. */
const savingTime = 4_000;
// Each request under way listens to them.
setMaxListeners(0, stop.signal, abort.signal);
let stopTime: number = defaults.stopTime;
process.once('SIGTERM', () => {
  log('job stopping', { signal: 'SIGTERM' });
  stop.abort();
  setTimeout(() => abort.abort(), stopTime).unref();
  // An S3 that does not answer would keep the process until Batch kills it, which tells nobody why.
  setTimeout(() => end.abort(), stopTime + savingTime).unref();
});
const exitCode = await runJob(log, async (about) => {
  const settings = readSettings(process.env);
  stopTime = settings.stopTime;
  const { message, destination, parallelism, batchSize, arrayIndex } = settings;
  about({ type: message.type, id: message.version === 1 ? message.id : undefined, arrayIndex });
  const { protocol, host } = destination;
  log('delivery started', {
    type: message.type,
    destination: `${protocol}//${host}`,
    parallelism,
    batchSize,
    arrayIndex,
  });
  const signals = { stop: stop.signal, abort: abort.signal, end: end.signal };
  const outcome = await consumeFeed({ settings, s3: s3Client(), log, ...signals });
  return outcome === 'stopped' ? terminated : 0;
});
process.exitCode = exitCode;
// A read that is stuck would keep the process, until Batch kills it or for as long as it is tried again.
if (exitCode !== 0) process.exit(exitCode);
