import assert from 'node:assert/strict';
import test from 'node:test';
import { edited, load, mistakes, small } from './folder.ts';

const place = '      environment:\n';

/** The small config, whose nightly job is a watcher with these settings. */
const watching = (settings: string) => ({
  ...edited('config/events.yaml', place, `${place}        FEED_SETTINGS: ${settings}\n`),
  'config/jobs.yaml': small['config/jobs.yaml'].replace('jobs/import', 'jobs/feed-watcher'),
  'jobs/feed-watcher/Dockerfile': '',
});

const indent = '\n          ';
const map = (...lines: readonly string[]): string => indent + lines.join(indent);

test('what the watcher would refuse of the settings of a feed is told where it was written, all at once', (t) => {
  const settings = map('maxShrnk: 30%', 'maxShrink: 30', 'delta: yes', 'fields: { title: { pattern: ( } }');
  const at = 'schedules.nightly.submit.environment.FEED_SETTINGS';
  assert.deepEqual(mistakes(t, watching(settings)), [
    `config/events.yaml:10:11 ${at}.maxShrnk: "maxShrnk" means nothing; known are id, delta, maxShrink, partsAbove, partSize, fields`,
    `config/events.yaml:11:22 ${at}.maxShrink: 30 must be a percentage such as "30%"`,
    `config/events.yaml:12:18 ${at}.delta: "yes" must be true or false`,
    `config/events.yaml:13:39 ${at}.fields.title.pattern: "(" is no regular expression: Invalid regular expression: /(/u: Unterminated group`,
  ]);
});

test('a mistake is found where it was written, whatever the name of its field and the value there', (t) => {
  const settings = map('maxShrink: [1, 2]', 'fields: { job.title: { required: 1 } }');
  const at = 'schedules.nightly.submit.environment.FEED_SETTINGS';
  assert.deepEqual(mistakes(t, watching(settings)), [
    `config/events.yaml:10:22 ${at}.maxShrink: must be a percentage such as "30%"`,
    `config/events.yaml:11:44 ${at}.fields.job.title.required: 1 must be true or false`,
  ]);
});

test('a pattern of JavaScript that the jobs cannot match in linear time is refused as they would refuse it', (t) => {
  const patterns = { title: "'a(?=b)'", ref: "'(a)\\1'", city: "'(a{100}){100}'" };
  const fields = Object.entries(patterns).map(([name, pattern]) => `  ${name}: { pattern: ${pattern} }`);
  const at = 'schedules.nightly.submit.environment.FEED_SETTINGS.fields';
  assert.deepEqual(mistakes(t, watching(map('fields:', ...fields))), [
    `config/events.yaml:11:31 ${at}.title.pattern: "a(?=b)" looks ahead or behind ("a(?=…"), which cannot be matched in linear time; say it in another way`,
    `config/events.yaml:12:29 ${at}.ref.pattern: "(a)\\\\1" refers back to a group ("(a)\\1…"), which cannot be matched in linear time; say it in another way`,
    `config/events.yaml:13:30 ${at}.city.pattern: "(a{100}){100}" is too much for matching in linear time (invalid repeat count): it may count 1,000 repetitions at most, nested ones multiplied`,
  ]);
});

test('settings that are one text are judged as well, and those of another job are not', (t) => {
  const [found = '', ...others] = mistakes(t, watching(`'{ "id": "a b" }'`));
  assert.deepEqual(others, []);
  assert.match(
    found,
    /^config\/events\.yaml:9:24 .*FEED_SETTINGS: .* is wrong: "id" must be the name of a child of the record/,
  );
  assert.match(mistakes(t, watching('text'))[0] ?? '', /is wrong: the settings of the feed is not JSON/);
  load(t, watching(map('id: reference', 'maxShrink: 30%')));
  load(t, { ...watching('text'), 'config/jobs.yaml': small['config/jobs.yaml'] });
});
