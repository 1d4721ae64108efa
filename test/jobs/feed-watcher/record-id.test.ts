import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { IdReader } from '../../../jobs/feed-watcher/changes/record-id.ts';
import { xml2jsRecords } from '../../support/shared-feeds.ts';

const none = new Map<string, string>();
const idIn = (xml: string, field = 'id', entities: ReadonlyMap<string, string> = none): string | undefined =>
  new IdReader(field).read(Buffer.from(xml), entities);

test('an id is the text of a child or an attribute, read as XML', () => {
  for (const [xml, field, id] of [
    ['<job><id>7</id></job>', 'id', '7'],
    ['<job><a><id>no</id></a><id> 7\n</id></job>', 'id', ' 7\n'],
    ['<job><!--<id>no</id>--><?id <id>no</id>?><![CDATA[<id>no</id>]]><id>7</id></job>', 'id', '7'],
    ['<job x="<id>"\'>\'><id>7</id></job>'.replace("<id>\"'>'", '>id"'), 'id', '7'],
    ['<job><id a="b>c"><![CDATA[a & b]]> &amp; &#99;&#x64;</id></job>', 'id', 'a & b & cd'],
    ['<job><id>a<b>no</b>b<!-- no -->c</id></job>', 'id', 'abc'],
    ['<job><m:id>no</m:id><id>7</id></job>', 'id', '7'],
    ['<job><m:id>7</m:id></job>', 'm:id', '7'],
    ['<job><n:id>no</n:id><m:id>7</m:id></job>', 'm:id', '7'],
    ['<job><idx>no</idx><xid>no</xid><id >7</id ></job>', 'id', '7'],
    ['<job><id>größe</id></job>', 'id', 'größe'],
    ['<job><id>1</id><id>2</id></job>', 'id', '1'],
    ["<job a='no id=\"x\"' id = 'a&lt;b' />", '@id', 'a<b'],
    ['<job xid="no" id="7"/>', '@id', '7'],
  ] as const)
    assert.equal(idIn(xml, field), id, xml);
});

test('a record has no id where there is none, where it is empty, and where it is too long to be held', () => {
  for (const xml of [
    '<job/>',
    '<job a="b"/>',
    '<job><id/></job>',
    '<job><id> </id></job>',
    '<job><m:id>7</m:id></job>',
    '<job><a><id>7</id></a></job>',
  ])
    assert.equal(idIn(xml), undefined, xml);
  assert.equal(idIn('<job><id>7</id></job>', '@id'), undefined);
  assert.equal(idIn(`<job><id>${'x'.repeat(1_000)}</id></job>`)?.length, 1_000);
  assert.equal(idIn(`<job><id>${'x'.repeat(1_001)}</id></job>`), undefined);
});

test('entities that the document defines are read, and those that it does not stay as they are', () => {
  const entities = new Map([['co', 'A&amp;B']]);
  assert.equal(idIn('<job><id>&co;-1</id></job>', 'id', entities), 'A&B-1');
  assert.equal(idIn('<job id="&co;-1"/>', '@id', entities), 'A&B-1');
  assert.equal(idIn('<job><id>&other;</id></job>', 'id', entities), '&other;');
});

const text = fc.constantFrom(
  '7',
  '\r\n',
  '\r&#13;\t',
  'a b',
  '&amp;',
  '&#x41;',
  '<![CDATA[]]>',
  '<![CDATA[<id>&]]>',
  '<!--<id>-->',
  '<?p <id>?>',
);
const element = fc.letrec<{ readonly element: string; readonly content: string }>((tie) => ({
  content: fc.array(fc.oneof({ maxDepth: 3 }, text, tie('element')), { maxLength: 4 }).map((parts) => parts.join('')),
  element: fc
    .tuple(
      fc.constantFrom('id', 'x', 'idx'),
      fc.constantFrom('', ' id="1"', " x='>'", ' id="a&amp;" x="1"'),
      tie('content'),
    )
    .map(([name, attributes, content]) =>
      content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`,
    ),
}));

/** What xml2js says is the text of the first element of a name. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return textOf(value[0]);
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || !('_' in value)) return '';
  return typeof value._ === 'string' ? value._ : textOf(value._);
}

test('of any record it is what xml2js makes of it', () => {
  fc.assert(
    fc.property(
      fc.array(element.element, { maxLength: 4 }),
      fc.constantFrom('', ' id="1"', " x='>' id='b'", ' id="a\n\tb\r\n&#10;c"'),
      (parts, attributes) => {
        const xml = `<job${attributes}>${parts.join('')}</job>`;
        const [record] = xml2jsRecords(`<s>${xml}</s>`, ['job']);
        const fields = typeof record === 'object' && record !== null ? new Map(Object.entries(record)) : new Map();
        const own = new Map(Object.entries(Object(fields.get('$'))));
        const text = textOf(fields.get('id'));
        assert.equal(idIn(xml) ?? '', text.trim() === '' ? '' : text, xml);
        assert.equal(idIn(xml, '@id') ?? '', String(own.get('id') ?? ''), xml);
      },
    ),
    { numRuns: 500 },
  );
});
