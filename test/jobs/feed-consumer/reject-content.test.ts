import assert from 'node:assert/strict';
import test from 'node:test';
import { textOf, toldText } from '../../../jobs/feed-consumer/batches/reject-content.ts';

test('a text that is written in pieces is what JSON.stringify makes of it, wherever pieces and the text are cut', () => {
  const texts = ['é"\\\n日😀'.repeat(12_000), '\ufeffé', '😀'.repeat(17_000), '', '日'.repeat(10)];
  for (const text of texts)
    for (const most of [5, 10, 30, 66_001, 66_002, 66_003, 66_004, 1_000_000]) {
      const bytes = Buffer.from(text);
      const expected = JSON.stringify(bytes.length > most ? `${textOf(bytes.subarray(0, most))}…` : text);
      assert.equal(Buffer.from(toldText(bytes, most)).toString(), expected);
    }
});
