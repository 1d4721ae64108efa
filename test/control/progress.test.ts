import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import test from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { progressOn } from '../../scripts/control/progress.ts';
import type { Progress } from '../../scripts/reconcile/apply.ts';
import type { Change } from '../../scripts/reconcile/change.ts';

const change = (name: string): Change => ({
  action: 'create',
  ref: { kind: 'box', name },
  after: [],
  desired: { name },
  perform: async () => {},
});

const [a, b] = [change('a'), change('b')];
const events: readonly Progress[] = [
  { type: 'started', change: a },
  { type: 'started', change: b },
  { type: 'waiting', change: a, forWhat: 'box is CREATING' },
  { type: 'waiting', change: a, forWhat: 'box is CREATING' },
  { type: 'applied', change: b, milliseconds: 1_234 },
  { type: 'failed', change: a, milliseconds: 50, reason: 'no space' },
];

/** What a stream shows of the events, and its last write, with the codes that move the cursor made visible. */
function shownOn(stream: PassThrough): { readonly text: string; readonly writes: readonly string[] } {
  const writes: string[] = [];
  stream.on('data', (chunk: Buffer) => writes.push(chunk.toString()));
  const display = progressOn(stream);
  for (const event of events) display.report(event);
  display.end();
  return { text: stripVTControlCharacters(writes.join('')), writes };
}

test('where nobody watches, each thing that happened is one plain line', () => {
  assert.equal(
    shownOn(new PassThrough()).text,
    '+ box a: waiting: box is CREATING\n+ box b: done in 1.2 s\n+ box a: failed after 0.1 s: no space\n',
  );
});

test('in a terminal what is under way is drawn again and again, and what is over stays', () => {
  const { text, writes } = shownOn(Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 }));
  assert.match(text, /\+ box a: creating\n\+ box b: creating\n/);
  assert.match(text, /\+ box a: waiting: box is CREATING\n\+ box b: creating\n/);
  assert.match(text, /\+ box b: done in 1\.2 s\n/);
  assert.match(text, /\+ box a: failed after 0\.1 s: no space\n/);
  assert.ok(
    writes.some((write) => write.includes('\u001B[')),
    'the cursor never moved',
  );
});
