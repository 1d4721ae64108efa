import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { tagPaused } from '../../scripts/aws/pause-tags.ts';
import { openEnvironment } from '../../scripts/control/environment.ts';
import { submitted } from '../../scripts/operate/trigger/submit.ts';
import { startCommand } from '../support/reconcile-command.ts';
import { hasty, shellWorld } from './shell-world.ts';

/** What is different each time. */
const plain = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME')
    .replaceAll(/\d\d:\d\d:\d\dZ/g, 'TIME')
    .replaceAll(/\d+(\.\d)? s\b/g, 'SPAN')
    .replaceAll(/ +after SPAN [A-Z]+/g, '')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/\d{8}T\d{6}Z/g, 'WHEN')
    .replaceAll(/(-by-hand|WHEN)-[0-9a-f]{4}\b/g, '$1-HEX')
    .replaceAll(/ --config \S+/g, '');

/** Lines of states depend on when a look was had; those that every job has, and all other lines, do not. */
const story = (text: string): string[] =>
  plain(text)
    .split('\n')
    .filter((line) => line !== '' && !/^TIME {2}(PENDING|RUNNABLE|STARTING)$/.test(line));

const idIn = (text: string): string => /job ([0-9a-f-]{36})/.exec(text)?.[1] ?? '';

/** Presses Ctrl-C while the job is waited for, and again each time that somebody wants to go on. */
function presses(name: string, answers: (string | undefined)[]) {
  let controller = new AbortController();
  let isDue = true;
  const questions: string[] = [];
  const wait = async () => {
    await setImmediate();
    if (isDue) controller.abort(name);
    isDue = false;
  };
  const stops = () => ({
    get signal() {
      return controller.signal;
    },
    again: () => {
      controller = new AbortController();
      isDue = answers.length > 0;
    },
    [Symbol.dispose]: () => {},
  });
  const ask = async (question: string) => {
    questions.push(question);
    return answers.shift();
  };
  return { questions, around: { clock: { now: Date.now, wait }, stops, ask } };
}

test('jobs are submitted by hand and followed to their ends', async (t) => {
  const { trigger, batch, flags, endpoint, settle, reached } = await shellWorld(t);
  const early = await trigger('greet');
  assert.equal(early.code, 1);
  assert.match(early.err, /JobQueue shop-main not found; apply makes what config has: npm run reconcile -- apply$/);
  await settle();
  const folder = mkdtempSync(join(tmpdir(), 'baton-summary-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const summary = join(folder, 'summary.md');

  await t.test('a schedule by its name: exactly its input, its log as it comes, and the exit code 0', async () => {
    const { code, out, err } = await trigger('greet', { summary });
    assert.deepEqual({ code, err }, { code: 0, err: '' });
    assert.deepEqual(story(out), [
      'TIME  SUBMITTED  Greet-WHEN-by-hand-HEX: schedule "greet", queue shop-main, definition shop-shell, job ID',
      'TIME  RUNNING',
      '1│ good morning',
      'SUCCEEDED in SPAN: Greet-WHEN-by-hand-HEX',
    ]);
    assert.equal(
      plain(readFileSync(summary, 'utf8')),
      `### SUCCEEDED in SPAN: Greet-WHEN-by-hand-HEX

Job \`ID\` in queue \`shop-main\`, definition \`shop-shell:1\`, submitted TIME.

| attempt | started | stopped | took | exit code | reason |
|---|---|---|---|---|---|
| 1 of 2 | TIME | TIME | SPAN | 0 | Essential container in task exited |

`,
    );
  });

  await t.test(
    'a job that fails is tried again, each attempt with its own lines, and its exit code is ours',
    async () => {
      const { code, out } = await trigger('shell', { param: { script: 'echo a; echo "b|<c" >&2; exit 3' } });
      assert.equal(code, 3);
      assert.deepEqual(story(out), [
        'TIME  SUBMITTED  shell-by-hand-WHEN-HEX: job definition "shell", queue shop-main, definition shop-shell, job ID',
        'TIME  RUNNING',
        '1│ a',
        '1│ b|<c',
        'TIME  attempt 1 of 2 ended with exit code 3: Essential container in task exited; it is tried again',
        'TIME  RUNNING',
        '2│ a',
        '2│ b|<c',
        'FAILED after SPAN: shell-by-hand-WHEN-HEX: exit code 3 in attempt 2 of 2: Essential container in task exited',
      ]);
    },
  );

  await t.test('a job that never starts ends with 1 and the reason', async () => {
    const { code, out } = await trigger('gone', { queue: 'main', summary });
    assert.equal(code, 1);
    assert.match(
      out,
      /\nFAILED after .*: never started: Task failed to start: CannotPullContainerError: .*'none' does not exist/,
    );
    assert.match(
      readFileSync(summary, 'utf8'),
      /\n\| 1 of 1 \| {2}\| \S+ \| {2}\| {2}\| Task failed to start: CannotPull/,
    );
  });

  await t.test('the children of an array are counted, and those that failed listed', async () => {
    const script = 'echo $GREETING $AWS_BATCH_JOB_ARRAY_INDEX; exit $AWS_BATCH_JOB_ARRAY_INDEX';
    const array = { queue: 'main', array: 3, param: { script }, set: { GREETING: 'child' }, json: true };
    const { code, out } = await trigger('once', array);
    assert.equal(code, 1);
    const { outcome, children, exitCode } = JSON.parse(out);
    assert.match(outcome, /^FAILED after .*: 2 of 3 children failed$/);
    assert.deepEqual([children.size, children.byStatus.SUCCEEDED, exitCode], [3, 1, 1]);
    const reason = 'Essential container in task exited';
    assert.deepEqual(children.failed, [
      { index: 1, exitCode: 1, reason },
      { index: 2, exitCode: 2, reason },
    ]);
    const again = await trigger(undefined, { follow: JSON.parse(out).jobId });
    assert.deepEqual(story(again.out).slice(0, -1), [
      '[0]│ child 0',
      '[1]│ child 1',
      '[2]│ child 2',
      'TIME  3/3 children done, 0 running, 2 failed',
      'TIME  child 1: exit code 1: Essential container in task exited',
      'TIME  child 2: exit code 2: Essential container in task exited',
    ]);
  });

  await t.test(
    'a job that waits is told why, and after --timeout left where it is, to be stopped by hand',
    async () => {
      const running = await trigger('once', {
        queue: 'side',
        name: 'long',
        param: { script: 'echo up; sleep 60' },
        wait: false,
      });
      assert.deepEqual(story(running.out).slice(1), [
        'long is submitted',
        'to follow it: npm run trigger -- --environment local --follow ID',
        'to stop it:   npm run trigger -- --environment local --stop ID',
      ]);
      const first = idIn(running.out);
      await reached(first, 'RUNNING');
      const { code, out } = await trigger('shell', { queue: 'main', name: 'behind', timeout: 600 }, hasty);
      assert.equal(code, 124);
      assert.match(out, /Z {2}still waiting: it wants 0\.5 vCPUs, and 1 of 1 are taken by 1 job: long\n/);
      assert.match(
        out,
        /\nbehind is still RUNNABLE when the time is over, and goes on\nto follow it: .*\nto stop it: {3}npm run trigger .*--stop [0-9a-f-]+\n$/,
      );
      const behind = idIn(out);

      const stopped = await trigger(undefined, { stop: behind });
      assert.deepEqual(
        [stopped.code, plain(stopped.out).split('\n')[0]],
        [0, 'terminating behind, which is RUNNABLE: what runs is sent SIGTERM, and SIGKILL SPAN later'],
      );
      const followed = await trigger(undefined, { follow: behind });
      assert.equal(followed.code, 1);
      assert.match(followed.out, /^FAILED after .*: behind: never started: terminated by hand: .*, pid \d+\n$/);
      assert.equal((await trigger(undefined, { stop: behind })).out, `job ${behind} is FAILED already\n`);

      await trigger(undefined, { stop: first });
      const ended = await trigger(undefined, { follow: first });
      assert.equal(ended.code, 143);
      assert.match(
        plain(ended.out),
        /│ up\nFAILED after SPAN: long: exit code 143: terminated by hand: .*, pid \d+\n$/,
      );
    },
  );

  await t.test('Ctrl-C leaves the job running where nobody can be asked, and says how to stop it', async () => {
    const { questions, around } = presses('SIGINT', []);
    const { code, out } = await trigger('once', { queue: 'main', name: 'left', param: { script: 'sleep 60' } }, around);
    assert.equal(code, 130);
    assert.equal(questions.length, 1);
    assert.match(
      out,
      /\nleft is left [A-Z]+, and goes on\nto follow it: .*\nto stop it: {3}npm run trigger -- .* --stop [0-9a-f-]{36}\n$/,
    );

    const terminated = presses('SIGINT', ['f', 't']);
    const id = idIn(out);
    // On a busy machine it would begin to run only after the answer, and be told of in between.
    await reached(id, 'RUNNING');
    const followed = await trigger(undefined, { follow: id }, terminated.around);
    assert.equal(followed.code, 143);
    assert.equal(terminated.questions.length, 2);
    assert.match(followed.out, /\nterminating: it is sent SIGTERM, and SIGKILL 30 s later\nFAILED after/);

    const early = new AbortController();
    early.abort('SIGINT');
    const stops = () => ({ signal: early.signal, again: () => {}, [Symbol.dispose]: () => {} });
    assert.deepEqual(await trigger('greet', {}, { stops }), {
      ...{ code: 130, out: '', err: 'running schedule "greet": stopped by SIGINT; nothing was submitted' },
    });

    const outside = presses('SIGTERM', []);
    const ended = await trigger('once', { queue: 'main', param: { script: 'sleep 60' } }, outside.around);
    assert.deepEqual([ended.code, outside.questions.length], [130, 0]);
    await trigger(undefined, { stop: idIn(ended.out) });
  });

  await t.test('a process without a terminal does the same, and ends with 130', async () => {
    const args = ['once', '--queue', 'main', '--config', flags.config, '--param', 'script=echo up; exec sleep 60'];
    const { child, ended } = startCommand('trigger', args, endpoint);
    let said = '';
    while (!/│ up\n/.test(said)) said += await once(child.stdout ?? child, 'data');
    child.kill('SIGINT');
    const { code, out, err } = await ended;
    assert.deepEqual({ code, err }, { code: 130, err: '' });
    const id = /\nto stop it: {3}npm run trigger -- .* --stop ([0-9a-f-]{36})\n$/.exec(out)?.[1] ?? '';
    await reached(id, 'RUNNING');
    await trigger(undefined, { stop: id });
  });

  await t.test('what config does not know is refused, and nothing submitted', async () => {
    const before = (
      await batch.listJobs({ jobQueue: 'shop-main', filters: [{ name: 'AFTER_CREATED_AT', values: ['0'] }] })
    ).jobSummaryList?.length;
    const unknown = await trigger('gret');
    assert.equal(unknown.code, 1);
    assert.match(
      unknown.err,
      /^running "gret": there is no such job; did you mean "greet"\?\njob definitions: gone, once, shell\nschedules: greet$/,
    );
    const both = await trigger('greet', { follow: 'x' });
    assert.equal(both.err, 'running a job: greet and --follow do not go together; say one of them');
    assert.match((await trigger(undefined)).err, /^running a job: say which; there are: gone, greet, once, shell$/);
    assert.match(
      (await trigger('greet', { set: { AWS_BATCH_X: '1' } })).err,
      /^running schedule "greet": --set AWS_BATCH_X: must not begin/,
    );
    assert.match(
      (await trigger(undefined, { stop: 'x' })).err,
      /^looking for job x: there is none; Batch keeps those that have ended for about 7 days$/,
    );
    assert.match(
      (await trigger('greet', { summary: join(folder, 'none/x.md') })).err,
      /^writing the summary to ".*": ENOENT/,
    );
    const after = (
      await batch.listJobs({ jobQueue: 'shop-main', filters: [{ name: 'AFTER_CREATED_AT', values: ['0'] }] })
    ).jobSummaryList?.length;
    assert.equal(after, before);
  });

  await t.test('a job whose answer got lost is found by its name and not submitted again', async (t) => {
    const { aws, close } = await openEnvironment({ directory: flags.config, environment: 'local', endpoint });
    t.after(close);
    const submission = { jobName: 'lost', jobQueue: 'shop-main', jobDefinition: 'shop-shell' };
    const named = async () => {
      const { jobSummaryList = [] } = await batch.listJobs({
        jobQueue: 'shop-main',
        filters: [{ name: 'JOB_NAME', values: ['lost'] }],
      });
      return jobSummaryList.map(({ jobId }) => jobId);
    };
    const cut = (arrives: boolean) => {
      const send = async (command: Parameters<typeof aws.submitting.send>[0]): Promise<never> => {
        if (arrives) await aws.submitting.send(command);
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      };
      return Object.create(aws, { submitting: { value: { send } } });
    };
    await assert.rejects(submitted(cut(false), submission, false), /socket hang up; there is no such job$/);
    assert.deepEqual(await named(), []);
    const first = await submitted(cut(true), submission, false);
    assert.deepEqual(await named(), [first]);
    const second = await submitted(cut(true), submission, false);
    assert.deepEqual(new Set(await named()), new Set([first, second]));
    assert.notEqual(first, second);
  });

  await t.test('environments that start nothing, and queues that take nothing, are named', async () => {
    const { computeEnvironments = [] } = await batch.describeComputeEnvironments({});
    const computeEnvironment = computeEnvironments[0]?.computeEnvironmentName ?? '';
    await batch.updateComputeEnvironment({ computeEnvironment, state: 'DISABLED' });
    const { code, out } = await trigger('greet', { timeout: 600 }, hasty);
    assert.equal(code, 124);
    assert.match(
      out,
      new RegExp(
        `still waiting: compute environment "${computeEnvironment}" is DISABLED and VALID \\(.*\\); so no compute environment of its queue starts jobs\\n`,
      ),
    );
    await trigger(undefined, { stop: idIn(out) });
    const array = await trigger('once', { queue: 'main', array: 2, timeout: 600 }, hasty);
    assert.match(array.out, /still waiting: compute environment .* is DISABLED/);
    await trigger(undefined, { stop: idIn(array.out) });
    await batch.updateJobQueue({ jobQueue: 'shop-main', state: 'DISABLED' });
    const refused = await trigger('greet');
    assert.equal(refused.code, 1);
    assert.match(
      refused.err,
      /^submitting job "Greet-.*DISABLED; a queue that is disabled takes no jobs: enable it where somebody disabled it$/,
    );
    const { aws, close } = await openEnvironment({ directory: flags.config, environment: 'local', endpoint });
    t.after(close);
    const since = '2026-11-25T11:00:00Z';
    await tagPaused(aws, 'shop-state-000000000000-eu-central-1', { since, by: 'ann@desk', reason: undefined });
    assert.deepEqual(await trigger('greet'), {
      ...{ code: 1, out: '' },
      err: `running schedule "greet": shop/local is paused since ${since} by ann@desk, and its queues take no jobs; resume it first: npm run pause -- --environment local --resume`,
    });
  });
});
