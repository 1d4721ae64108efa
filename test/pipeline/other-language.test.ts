import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test, { type TestContext } from 'node:test';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { write } from '../build/tree.ts';
import { appliedConfig } from '../support/applied-config.ts';
import { feedConfig } from '../support/feed-config.ts';

/** All that a team adds for a job that is no TypeScript: a folder, and an entry or two in YAML. */
const ours = {
  'jobs/count-words/main.sh': `. lib/words.sh
echo "{\\"event\\":\\"words counted\\",\\"language\\":\\"$WORDS_LANGUAGE\\",\\"words\\":$(count words.txt),\\"as\\":\\"$KIND\\"}"
echo kept > scratch
`,
  'jobs/count-words/lib/words.sh': 'count() { wc -w < "$1" | tr -d " "; }\n',
  'jobs/count-words/words.txt': 'all that a team adds\n',
  'jobs/count-words/job.yaml': 'process: [sh, main.sh]\n',
  'jobs/count-words/Dockerfile': `FROM busybox:1@sha256:${'0'.repeat(64)}
WORKDIR /app
COPY . ./
ENV KIND=shell
USER 65532:65532
ENTRYPOINT ["sh", "main.sh"]
`,
  'config/count-words.yaml': `
jobDefinitions:
  count-words:
    image: jobs/count-words
    vcpus: 0.25
    memory: 512
    environment: { WORDS_LANGUAGE: en }
schedules:
  count-words:
    cron: 30 2 * * ? *
    submit: { jobName: count-words, jobQueue: feeds, jobDefinition: count-words, environment: { WORDS_LANGUAGE: fr } }
`,
};

/** This repository as a clone of it, with what a team adds. */
async function cloneWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'other-language-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const name of ['jobs', 'lambdas', 'package.json']) cpSync(name, join(root, name), { recursive: true });
  cpSync(feedConfig, join(root, 'config'), { recursive: true });
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  await write(root, files);
  return root;
}

test('a job in another language is a folder and an entry in YAML: it is planned, made, and runs when its schedule says', async (t) => {
  const root = await cloneWith(t, ours);
  const { environment, plan, batch, clock, client } = await appliedConfig(t, {
    directory: join(root, 'config'),
    root,
    start: Date.UTC(2026, 10, 23, 2),
  });
  assert.deepEqual(
    plan.changes
      .map(({ ref }) => `${ref.kind} ${ref.name}`)
      .filter((each) => each.includes('count-words'))
      .map((each) => each.replace(/:[0-9a-f]{16}$/, ':HASH')),
    [
      'image local/jobs/count-words:HASH',
      'job-definition local-count-words',
      'repository local/jobs/count-words',
      'rule local-count-words',
    ],
  );
  assert.deepEqual((await environment.plan()).changes, []);

  await clock.advanceTo(Date.UTC(2026, 10, 23, 2, 45));
  const filters = [{ name: 'JOB_NAME', values: ['count-words*'] }];
  const { jobSummaryList: [found] = [] } = await batch.listJobs({ jobQueue: 'local-feeds', filters });
  const { jobs: [job] = [] } = await batch.describeJobs({ jobs: [found?.jobId ?? ''] });
  assert.deepEqual(
    [job?.jobName, job?.status, job?.container?.exitCode],
    ['count-words-20261123T023000Z', 'SUCCEEDED', 0],
  );
  const logGroupName = job?.container?.logConfiguration?.options?.['awslogs-group'];
  const logStreamName = job?.container?.logStreamName;
  const { events = [] } = await client(CloudWatchLogs).getLogEvents({ logGroupName, logStreamName });
  assert.deepEqual(
    events.map(({ message }) => message),
    ['{"event":"words counted","language":"fr","words":5,"as":"shell"}'],
  );
});
