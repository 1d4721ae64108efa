import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { sampleFeed } from '../../scripts/local/sample-feed.ts';
import { LocalProcess } from './local-process.ts';
import { shellAfter } from './shell.ts';

const skip = spawnSync('aws', ['--version']).status !== 0 && 'the aws CLI is not on the PATH';

/** The system, up, with a shell that was pointed at it in the way that it printed. */
async function upWithShell(t: TestContext) {
  const process = new LocalProcess(t, ['up', '--port', '0']);
  const told = await process.printed(/Ctrl-C stops it/);
  const printed = (pattern: RegExp): string => {
    const [, found] = pattern.exec(told) ?? [];
    assert.ok(found, `${pattern} is not in ${told}`);
    return found;
  };
  return { process, printed, shell: shellAfter(printed(/^ {2}(export AWS_ENDPOINT_URL=.*)$/m)) };
}

const Jobs = z.object({ jobSummaryList: z.array(z.object({ jobName: z.string(), status: z.string() })) });
const Described = z.object({
  jobs: z.tuple([z.object({ status: z.string(), container: z.looseObject({ logStreamName: z.string().optional() }) })]),
});
const LogEvents = z.object({ events: z.array(z.object({ message: z.string() })) });
const Submitted = z.object({ jobId: z.string() });

/** Asks, at most as often, until the answer is the wanted one; an aws command takes long enough to need no pause. */
async function until<Answer>(ask: () => Promise<Answer>, isWanted: (answer: Answer) => boolean): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    assert.ok(attempt < 60, `still ${JSON.stringify(answer)}`);
  }
}

test('npm run local: what it prints works, the aws CLI drives the pipeline, Ctrl-C leaves nothing', async (t) => {
  const { process, printed, shell } = await upWithShell(t);
  const folder = process.output;
  const environment = {
    FEED_URL: printed(/^The feed +(\S+)$/m),
    FEED_TYPE: 'by-hand',
    JOB_XML_TAG: 'job',
  };
  let bucket = '';

  await t.test('the reconcile command that it prints finds nothing to do', async () => {
    assert.match(await shell(printed(/^ {2}(npm run reconcile .*)$/m)), /: nothing to do; \d+ unchanged\n$/);
  });

  await t.test('the aws commands that it prints show rules, jobs and buckets', { skip }, async () => {
    const [rules, jobs, buckets] = await Promise.all([
      shell(printed(/^ {2}(aws events list-rules)$/m)),
      shell(printed(/^ {2}(aws batch list-jobs .*)$/m)),
      shell(printed(/^ {2}(aws s3 ls)$/m)),
    ]);
    assert.match(rules, /"Name": "local-broadbean"/);
    assert.match(rules, /"ScheduleExpression": "(cron|rate)\(.+\)"/);
    assert.deepEqual(JSON.parse(jobs), { jobSummaryList: [] });
    bucket = /(local-feeds-\S+)\n/.exec(buckets)?.[1] ?? '';
    assert.notEqual(bucket, '');
  });

  await t.test(
    'a job submitted by hand is followed to its end and its log, and stores the feed',
    { skip },
    async () => {
      const variables = Object.entries(environment).map(([name, value]) => ({ name, value }));
      const { jobId } = Submitted.parse(
        JSON.parse(
          await shell(
            `aws batch submit-job --job-name by-hand --job-queue local-feeds --job-definition local-feed-watcher \
             --container-overrides '${JSON.stringify({ environment: variables })}'`,
          ),
        ),
      );
      const { jobs } = await until(
        async () => Described.parse(JSON.parse(await shell(`aws batch describe-jobs --jobs ${jobId}`))),
        ({ jobs: [{ status }] }) => status === 'SUCCEEDED' || status === 'FAILED',
      );
      assert.equal(jobs[0].status, 'SUCCEEDED');
      const stream = `--log-group-name /aws/batch/local --log-stream-name ${jobs[0].container.logStreamName}`;
      const { events } = LogEvents.parse(JSON.parse(await shell(`aws logs get-log-events ${stream}`)));
      const last = z.object({ event: z.string(), key: z.string() }).parse(JSON.parse(events.at(-1)?.message ?? ''));
      assert.equal(last.event, 'feed changed');
      await shell(`aws s3 cp s3://${bucket}/${last.key} ${folder}/snapshot.gz`);
      assert.deepEqual(gunzipSync(readFileSync(join(folder, 'snapshot.gz'))), sampleFeed(1));
    },
  );

  await t.test('an invoked Lambda and a published message start jobs as well', { skip }, async () => {
    const submission = {
      ...{ jobName: 'invoked', jobQueue: 'local-feeds', jobDefinition: 'local-feed-watcher' },
      containerOverrides: { environment },
    };
    writeFileSync(join(folder, 'input.json'), JSON.stringify(submission));
    const message = { type: 'by-hand', jobXmlTag: 'job', gzipped: true, emptyCDATA: false };
    const [, published] = await Promise.all([
      shell(
        `aws lambda invoke --function-name local-schedule-to-batch --payload fileb://${folder}/input.json ${folder}/answer.json`,
      ),
      shell(
        `aws sns publish --topic-arn arn:aws:sns:eu-central-1:000000000000:local-start-feed-consumer \
           --message '${JSON.stringify(message)}'`,
      ),
    ]);
    assert.match(readFileSync(join(folder, 'answer.json'), 'utf8'), /^\{"jobId":"[0-9a-f-]{36}"\}$/);
    assert.match(published, /"MessageId": "[0-9a-f-]{36}"/);
    const { jobSummaryList } = await until(
      async () => Jobs.parse(JSON.parse(await shell(printed(/^ {2}(aws batch list-jobs .*)$/m)))),
      (jobs) => jobs.jobSummaryList.filter(({ status }) => status === 'SUCCEEDED' || status === 'FAILED').length === 4,
    );
    assert.deepEqual(jobSummaryList.map(({ jobName, status }) => `${status} ${jobName.slice(0, 20)}`).sort(), [
      'SUCCEEDED by-hand',
      'SUCCEEDED invoked',
      'SUCCEEDED lambda-feed-consumer',
      'SUCCEEDED lambda-feed-consumer',
    ]);
  });

  await t.test('Ctrl-C ends it with exit code 0', async () => {
    process.kill('SIGINT');
    const { code, out, err } = await process.ended;
    assert.deepEqual({ code, err }, { code: 0, err: '' });
    assert.match(out, /\nstopping\n$/);
    await process.assertNothingLeft();
  });
});
