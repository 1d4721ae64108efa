import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import test from 'node:test';
import { Utf8Source } from '../../../jobs/xml/utf8-source.ts';
import { chunkings, verdictOf } from '../../support/document-verdicts.ts';

const declared = (encoding: string, content: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`<?xml version="1.0" encoding="${encoding}"?>\n<s>`), content, Buffer.from('</s>')]);

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** Bytes as Python's codecs write the text in each encoding. */
const samples: readonly (readonly [encoding: string, bytes: string, text: string])[] = [
  ['UTF-8', 'c3a4 e282ac f09f9a80', 'ä€🚀'],
  ['ISO-8859-1', 'e4 f6 fc df', 'äöüß'],
  ['iso-8859-2', 'b3 f3 bc e6', 'łóźć'],
  ['ISO-8859-5', 'bf e0 d8 d2 d5 e2', 'Привет'],
  ['ISO-8859-7', 'e1 e2 e3', 'αβγ'],
  ['ISO-8859-9', 'f0 fe fd', 'ğşı'],
  ['ISO-8859-15', 'a4 bd', '€œ'],
  ['windows-1250', 'b3 f3 9f e6 80', 'łóźć€'],
  ['windows-1251', 'cf f0 e8 e2 e5 f2', 'Привет'],
  ['windows-1252', '80 82 9f 93 e4', '€‚Ÿ“ä'],
  ['CP1252', '80', '€'],
  ['windows-1253', 'e1 e2 e3', 'αβγ'],
  ['windows-1254', 'f0 fe fd 80', 'ğşı€'],
  ['windows-1257', 'e0 eb', 'ąė'],
  ['KOI8-R', 'f0 d2 c9 d7 c5 d4', 'Привет'],
  ['Shift_JIS', '93fa 967b 8cea 835c b1', '日本語ソｱ'],
  ['EUC-JP', 'c6fc cbdc b8ec 8fb0fe', '日本語侄'],
  ['EUC-KR', 'c7d1 b1db', '한글'],
  ['GBK', 'd6d0 b9fa', '中国'],
  ['gb18030', 'd6d0 8139 ee39', '中㐀'],
  ['Big5', 'a4a4 a4e5', '中文'],
];

test('each encoding that is declared is read, whatever the chunks', () => {
  for (const [encoding, hex, text] of samples) {
    // Longer than the pieces in which it is decoded, with spaces only now and then.
    const long = Buffer.concat(
      Array.from({ length: 5_000 }, (_, n) => Buffer.concat([bytesOf(hex), Buffer.from(n % 50 === 0 ? ' ' : '')])),
    );
    const expected = Array.from({ length: 5_000 }, (_, n) => (n % 50 === 0 ? `${text} ` : text)).join('');
    const beginning = `<?xml version="1.0" encoding="${encoding}"?>\n<s>`;
    for (const sizes of [[7], [64], [1, 13, 2, 400, 5], [1_000_000]])
      assertText(verdictOf(declared(encoding, long), sizes), `${beginning}${expected}</s>`, encoding);
    for (const sizes of chunkings)
      assertText(verdictOf(declared(encoding, bytesOf(hex)), sizes), `${beginning}${text}</s>`, encoding);
  }
});

test('a byte-order mark decides, or the first characters, and the mark does not count as text', () => {
  const text = `<s>${'ä€🚀'.repeat(700)}</s>`;
  const contradicting = `<?xml version="1.0" encoding="windows-1252"?>${text}`;
  const cases: readonly (readonly [Buffer, string])[] = [
    [Buffer.from(`\ufeff${text}`), text],
    [Buffer.from(`\ufeff${contradicting}`), contradicting],
    [Buffer.from(`\ufeff${text}`, 'utf16le'), text],
    [utf16be(`\ufeff${text}`), text],
    [Buffer.from(contradicting, 'utf16le'), contradicting],
    [utf16be(contradicting), contradicting],
    [Buffer.from(text), text],
    [Buffer.from('<s>\ufeff</s>', 'utf16le'), '<s>\ufeff</s>'],
  ];
  for (const [bytes, expected] of cases)
    for (const sizes of chunkings) assertText(verdictOf(bytes, sizes), expected, expected);
});

function assertText(verdict: ReturnType<typeof verdictOf>, text: string, what: string): void {
  assert.ok('text' in verdict, `${what}: ${JSON.stringify(verdict).slice(0, 300)}`);
  assert.ok(verdict.text === text, what);
}

/** Bytes, why they are refused, and where: line, column and offset in them. */
const faulty: readonly (readonly [Buffer, RegExp, readonly [number, number, number]])[] = [
  [Buffer.from('<s>\n\xe4 </s>', 'latin1'), /not UTF-8 \(0xE4\), and it declares no encoding/, [2, 1, 4]],
  [Buffer.from('<s>ä€\xff', 'latin1'), /not UTF-8 \(0xE4\)/, [1, 4, 3]],
  [Buffer.concat([Buffer.from('<s>ä€🚀'), bytesOf('eda080'), Buffer.from('</s>')]), /not UTF-8 \(0xED\)/, [1, 8, 12]],
  [Buffer.concat([Buffer.from('<s>ab'), bytesOf('c080')]), /not UTF-8 \(0xC0\)/, [1, 6, 5]],
  [Buffer.concat([Buffer.from('<s>ab'), bytesOf('f4908080')]), /not UTF-8 \(0xF4\)/, [1, 6, 5]],
  [Buffer.from('<s>a€').subarray(0, -1), /not UTF-8 \(0xE2\)/, [1, 5, 4]],
  [declared('utf-8', bytesOf('61 ff')), /not UTF-8 \(0xFF\) at/, [2, 5, 43]],
  [declared('US-ASCII', bytesOf('61 c3a4')), /not US-ASCII \(0xC3\)/, [2, 5, 46]],
  [declared('Shift_JIS', bytesOf('93fa 8020 93fa')), /not Shift_JIS \(0x80\)/, [2, 5, 48]],
  [declared('EUC-JP', bytesOf('c6fc 20 c6fc c620')), /not EUC-JP \(0xC6\)/, [2, 7, 48]],
  [declared('euc-kr', bytesOf('c7d1 c7')), /not euc-kr \(0xC7\)/, [2, 5, 45]],
  [declared('ISO-8859-1', Buffer.from('Köln à Ávila')), /it declares ISO-8859-1, and its bytes are UTF-8/, [2, 5, 48]],
  [declared('windows-1251', Buffer.from('Привет')), /declares windows-1251, and its bytes are UTF-8/, [2, 4, 49]],
  [
    declared('ISO-8859-1', Buffer.from('\r\n\r\nMüller')),
    /it declares ISO-8859-1, and its bytes are UTF-8/,
    [4, 2, 52],
  ],
  [declared('ISO-8859-1', Buffer.from('\n\na\rb\n\r\r\nMüller')), /its bytes are UTF-8/, [8, 2, 57]],
  [declared('ISO-8859-15', Buffer.from('10 €')), /its bytes are UTF-8/, [2, 7, 51]],
  [declared('windows-1250', Buffer.from('Łódź')), /its bytes are UTF-8/, [2, 4, 49]],
  [declared('KOI8-R', Buffer.from('Müller, öö')), /it declares KOI8-R, and its bytes are UTF-8/, [2, 5, 44]],
  [declared('macintosh', Buffer.from('Привет')), /it declares macintosh, and its bytes are UTF-8/, [2, 4, 46]],
  [declared('Shift_JIS', Buffer.from('für äöü äöüö')), /it declares Shift_JIS, and its bytes are UTF-8/, [2, 5, 47]],
  [declared('EUC-JP', Buffer.from('für äöü äöüö')), /it declares EUC-JP, and its bytes are UTF-8/, [2, 5, 44]],
  [declared('GBK', Buffer.from('für äöü äöüö')), /it declares GBK, and its bytes are UTF-8/, [2, 5, 41]],
  [declared('Big5', Buffer.from('für äöü äöüö')), /it declares Big5, and its bytes are UTF-8/, [2, 5, 42]],
  [Buffer.concat([Buffer.from('\ufeff<s>\nä', 'utf16le'), bytesOf('00d8 4100')]), /not UTF-16LE/, [2, 2, 12]],
  [Buffer.from('\ufeff<s>\nä', 'utf16le').subarray(0, -1), /not UTF-16LE \(0xE4\)/, [2, 1, 10]],
];

test('bytes that are not of the encoding are refused at their place, whatever the chunks', () => {
  for (const [bytes, reason, [line, column, offset]] of faulty)
    for (const sizes of chunkings) {
      const verdict = verdictOf(bytes, sizes);
      assert.ok('refusal' in verdict, String(reason));
      assert.match(verdict.refusal, reason);
      assert.deepEqual(verdict.place, { line, column, offset }, verdict.refusal);
    }
});

/** Bytes as Python's codecs write a text. Some of it, or all, looks like UTF-8. */
const genuine: readonly (readonly [encoding: string, bytes: string, text: string])[] = [
  ['windows-1252', 'c3a4 20 c3b6 e9 20 c3bc', 'Ã¤ Ã¶é Ã¼'],
  ['windows-1252', 'c3a4 20 c3b6 20 c3', 'Ã¤ Ã¶ Ã'],
  ['windows-1252', 'e2 80', 'â€'],
  ['windows-1252', '94 c3a4 c3b6 c3bc', '”Ã¤Ã¶Ã¼'],
  ['ISO-8859-1', '50666c6567656b726166742066fc72204bf66c6e', 'Pflegekraft für Köln'],
  [
    'windows-1252',
    '4e4553434146c9ae2c204e4553434146c9ae2c204e4553434146c9ae2c204e4553434146c9ae',
    'NESCAFÉ®, NESCAFÉ®, NESCAFÉ®, NESCAFÉ®',
  ],
  ['windows-1250', '5350d3a34b412c205350d3a34b412c205350d3a34b412c205350d3a34b41', 'SPÓŁKA, SPÓŁKA, SPÓŁKA, SPÓŁKA'],
  ['windows-1251', 'cdb32c20dfb920abc3e0e7bb', 'Ні, Я№ «Газ»'],
  ['KOI8-R', 'e5a320c4c5cccf', 'Её дело'],
  ['Shift_JIS', '89638bc6904582cc95e58f5782c582b7', '営業職の募集です'],
  ['Shift_JIS', 'cab220cfb220cab220cfb220cab220cfb220cab220cfb220cab2', 'ﾊｲ ﾏｲ ﾊｲ ﾏｲ ﾊｲ ﾏｲ ﾊｲ ﾏｲ ﾊｲ'],
  ['EUC-JP', 'b1c4b6c8bfa6a4cecae7bdb8a4c7a4b9', '営業職の募集です'],
  ['GBK', 'c8edbcfebfaab7a2b9a4b3cccaa6', '软件开发工程师'],
  ['Big5', 'b36ec5e9a475b57bae76', '軟體工程師'],
  ['EUC-KR', 'c7d1b1b9beee20c1f7bef7', '한국어 직업'],
];

test('text that only looks like UTF-8 in places, or by chance, is read as it is declared', () => {
  for (const [encoding, hex, text] of genuine)
    for (const sizes of chunkings) {
      const expected = `<?xml version="1.0" encoding="${encoding}"?>\n<s>${text}</s>`;
      assertText(verdictOf(declared(encoding, bytesOf(hex)), sizes), expected, text);
    }
});

test('a fault that stands before bytes of another encoding is the one that is told', () => {
  const broken = (length: number): Buffer => Buffer.from(`<s><a b="1" b="${'x'.repeat(length)}"`);
  const stray = Buffer.concat([broken(9_000), bytesOf('ff')]);
  const hidden = Buffer.concat([
    Buffer.from('<?xml version="1.0" encoding="GBK"?>'),
    broken(500),
    Buffer.from('äöüäöüäöü"/></s>'),
  ]);
  for (const document of [stray, hidden])
    for (const sizes of chunkings) {
      const verdict = verdictOf(document, sizes);
      const isTold = 'refusal' in verdict && verdict.refusal.includes('an attribute is there twice');
      assert.ok(isTold, JSON.stringify(verdict));
    }
});

test('encodings that nobody knows, that cannot be read as a stream, or that the bytes belie are refused', () => {
  const refusal = (bytes: Buffer): string => {
    const verdict = verdictOf(bytes, [3]);
    return 'refusal' in verdict ? verdict.refusal : 'accepted';
  };
  assert.match(
    refusal(declared('klingon', Buffer.alloc(0))),
    /its encoding "klingon" is not known at line 1, column 1/,
  );
  assert.match(refusal(declared('ISO-2022-JP', Buffer.alloc(0))), /its encoding "ISO-2022-JP" is not supported/);
  assert.match(
    refusal(declared('UTF-16', Buffer.alloc(0))),
    /declares the encoding "UTF-16", and its bytes are not in it/,
  );
});

test('UTF-8 passes without being copied, and characters that were cut come whole', () => {
  const source = new Utf8Source(() => ({ line: 1, column: 1 }));
  const chunk = Buffer.from('<s>text €');
  const [whole] = source.write(chunk);
  assert.equal(whole?.buffer, chunk.buffer);
  assert.equal(whole?.byteOffset, chunk.byteOffset);
  for (const size of [1, 2, 3]) {
    const cut = new Utf8Source(() => ({ line: 1, column: 1 }));
    const bytes = Buffer.from('<s>ä€🚀</s>'.repeat(20));
    for (let at = 0; at < bytes.length; at += size)
      for (const part of cut.write(bytes.subarray(at, at + size))) assert.ok(isUtf8(part));
  }
});
