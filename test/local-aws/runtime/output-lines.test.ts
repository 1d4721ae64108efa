import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { LineSplitter } from '../../../scripts/local-aws/runtime/output-lines.ts';

test('however output is cut into chunks, the lines are the same, without empty ones', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string().map((each) => each.replace(/[\r\n]/g, ''))),
      fc.infiniteStream(fc.nat(7)),
      (lines, cuts) => {
        const splitter = new LineSplitter();
        const found: string[] = [];
        let text = lines.join('\n');
        while (text !== '') {
          const size = 1 + (cuts.next().value ?? 0);
          found.push(...splitter.push(text.slice(0, size)));
          text = text.slice(size);
        }
        found.push(...splitter.end());
        assert.deepEqual(
          found,
          lines.filter((line) => line !== ''),
        );
      },
    ),
  );
});

test('a line longer than CloudWatch Logs takes is cut, and its carriage return is dropped', () => {
  const splitter = new LineSplitter();
  const lines = [...splitter.push('x'.repeat(300_000)), ...splitter.push('y\r\nz'), ...splitter.end()];
  assert.deepEqual(
    lines.map((line) => line.length),
    [262_118, 300_001 - 262_118, 1],
  );
});
