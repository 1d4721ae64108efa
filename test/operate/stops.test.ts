import assert from 'node:assert/strict';
import test from 'node:test';
import { listenForStops } from '../../scripts/operate/stops.ts';

test('the first Ctrl-C is for who listens, as is the first after a question; one more ends the process at once', (t) => {
  const codes: unknown[] = [];
  t.mock.method(process, 'exit', (code: unknown) => codes.push(code));
  using stops = listenForStops();
  process.emit('SIGINT', 'SIGINT');
  assert.deepEqual([stops.signal.reason, codes], ['SIGINT', []]);
  stops.again();
  process.emit('SIGTERM', 'SIGTERM');
  assert.deepEqual([stops.signal.reason, codes], ['SIGTERM', []]);
  process.emit('SIGINT', 'SIGINT');
  assert.deepEqual(codes, [130]);
});
