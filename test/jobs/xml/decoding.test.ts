import assert from 'node:assert/strict';
import test from 'node:test';
import { XmlDecoder } from '../../../jobs/xml/decoding.ts';

function decode(bytes: Uint8Array, size: number): string {
  const decoder = new XmlDecoder();
  let text = '';
  for (let at = 0; at < bytes.length; at += size) text += decoder.write(bytes.subarray(at, at + size));
  return text + decoder.end();
}

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const long = 'ä€🚀'.repeat(200);

test('the encoding is that of the byte-order mark, else the declared one, else UTF-8', () => {
  const cases: readonly (readonly [Buffer, string])[] = [
    [Buffer.from(`<s>${long}</s>`), `<s>${long}</s>`],
    [Buffer.from(`\ufeff<s>${long}</s>`), `<s>${long}</s>`],
    [Buffer.from(`\ufeff<s>${long}</s>`, 'utf16le'), `<s>${long}</s>`],
    [utf16be(`\ufeff<s>${long}</s>`), `<s>${long}</s>`],
    [utf16be(`<?xml version="1.0"?><s>${long}</s>`), `<?xml version="1.0"?><s>${long}</s>`],
    [
      Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><s>\xe4</s>', 'latin1'),
      '<?xml version="1.0" encoding="ISO-8859-1"?><s>ä</s>',
    ],
    [
      Buffer.from("<?xml version='1.0' encoding='windows-1252'?><s>\x80</s>", 'latin1'),
      "<?xml version='1.0' encoding='windows-1252'?><s>€</s>",
    ],
    [Buffer.from('<s/>'), '<s/>'],
    [Buffer.alloc(0), ''],
  ];
  for (const [bytes, text] of cases) for (const size of [1, 2, 3, 7, 4096]) assert.equal(decode(bytes, size), text);
});

test('bytes that are not of the encoding are refused, also where the document is cut within a character', () => {
  assert.throws(() => decode(Buffer.from('<s>\xff', 'latin1'), 100), { name: 'FeedError', message: /not utf-8/ });
  assert.throws(() => decode(Buffer.from('<s>€').subarray(0, -1), 100), { name: 'FeedError', message: /not utf-8/ });
  assert.throws(() => decode(Buffer.from('<?xml version="1.0" encoding="x-none"?>'), 100), /"x-none" is not known/);
});
