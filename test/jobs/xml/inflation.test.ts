import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { inflated } from '../../../jobs/xml/inflation.ts';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const inflate = async (bytes: Uint8Array, size: number): Promise<string> =>
  Buffer.concat(await Readable.from(inflated(pieces(bytes, size))).toArray()).toString();

test('gzip is recognised by its first bytes, once and twice around; everything else passes as it is', async () => {
  const text = '<s>text</s>'.repeat(50);
  for (const size of [1, 2, 3, 7, 4096]) {
    assert.equal(await inflate(Buffer.from(text), size), text);
    assert.equal(await inflate(gzipSync(text), size), text);
    assert.equal(await inflate(gzipSync(gzipSync(text)), size), text);
    assert.equal(await inflate(Buffer.concat([gzipSync('<s>'), gzipSync('</s>')]), size), '<s></s>');
  }
  assert.equal(await inflate(Buffer.alloc(0), 1), '');
  assert.equal(await inflate(Buffer.from([0x1f]), 1), '\x1f');
});

test('gzip that is cut off, damaged or followed by something else is refused', async () => {
  const whole = gzipSync('<s>text</s>'.repeat(50));
  const damaged = Buffer.from(whole);
  damaged.writeUInt8(damaged.readUInt8(20) ^ 0xff, 20);
  for (const bytes of [
    whole.subarray(0, -1),
    whole.subarray(0, 5),
    damaged,
    Buffer.concat([whole, Buffer.from('garbage')]),
  ])
    await assert.rejects(inflate(bytes, 64), { name: 'FeedError', message: /its gzip is damaged or cut off/ });
});

test('content that is larger than it may be is refused, however small its gzip is', async () => {
  const bomb = gzipSync(gzipSync(Buffer.alloc(10_000_000)));
  assert.ok(bomb.length < 1_000);
  const lengths: number[] = [];
  const read = async (): Promise<void> => {
    for await (const bytes of inflated(pieces(bomb, 64), { most: 2_000_000 })) lengths.push(bytes.length);
  };
  await assert.rejects(read(), { name: 'FeedError', message: /it is larger than 2000000 bytes when it is inflated/ });
  assert.ok(lengths.reduce((sum, length) => sum + length, 0) <= 2_000_000);
  assert.equal((await inflate(gzipSync('12345'), 64)).length, 5);
});

test('an error of the source comes through as it is', async () => {
  const broken = new Error('the line broke');
  const source = async function* (): AsyncGenerator<Uint8Array> {
    yield gzipSync('x'.repeat(1000)).subarray(0, 12);
    throw broken;
  };
  await assert.rejects(Readable.from(inflated(source())).toArray(), broken);
});

test('who stops reading lets the source go', async () => {
  let released = false;
  const source = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.from('plain');
    } finally {
      released = true;
    }
  };
  for await (const _ of inflated(source())) break;
  assert.ok(released);
});
