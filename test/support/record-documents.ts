import fc from 'fast-check';

/** Names that are records with and without a prefix, that only look like them, and that meet what every object has. */
const name = fc.constantFrom(
  'a',
  'b',
  'title',
  'ns:c',
  'd.e',
  'é',
  'job',
  'm0:job',
  'job-x',
  'xjob',
  'constructor',
  '__proto__',
  'hasOwnProperty',
  'toString',
  'valueOf',
  'cdata',
  '職種',
);
const space = fc.constantFrom(' ', '\n', '\r\n\t', '   ');
const maybeSpace = fc.oneof(fc.constant(''), space);

const reference = fc.constantFrom(
  '&amp;',
  '&#65;',
  '&lt;',
  '&gt;',
  '&quot;',
  '&apos;',
  '&#x1F600;',
  '&#10;',
  '&#32;',
  '&#160;',
  '&#x9;',
);
const blank = fc.constantFrom(' ', '\n', '\t', '\r', '\u00a0', '\u2003', '\ufeff', '\u3000');
const letters = fc.constantFrom('x', '🚀', 'ß', '"', "'", '\\', '/', '>', ']', '-', '=', 'ю', '\u2028', '\u007f');
const text = fc.oneof(
  fc.array(blank, { maxLength: 4 }).map((all) => all.join('')),
  fc.array(fc.oneof(letters, blank, reference), { maxLength: 40 }).map((all) => all.join('').replaceAll(']]>', ']')),
);
const cdata = fc
  .array(
    fc.oneof(
      fc.constantFrom('<b>', '</job>', '<job>', '&', '&nbsp;', ']', ']]', '<!--', '-->', '<![CDATA['),
      letters,
      blank,
    ),
    { maxLength: 12 },
  )
  .map((all) => `<![CDATA[${all.join('').replaceAll(']]>', ']')}]]>`);
const emptyCdata = fc.constantFrom('<![CDATA[]]>', ' <![CDATA[]]> ', '<![CDATA[]]><![CDATA[]]>');
const other = fc.constantFrom('<!-- <job> c</job> -->', '<!---->', '<?p i?>', '<?p i??>', '<?p </job> "?>');

const attribute = fc
  .tuple(fc.oneof(text, reference), fc.boolean())
  .map(([value, single]) => (single ? `'${value.replaceAll("'", '')}'` : `"${value.replaceAll('"', '')}"`));
const attributeName = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('id', 'lang', 'x:y', 'größe') },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf') },
);
const attributes = fc
  .uniqueArray(fc.tuple(attributeName, space, maybeSpace, maybeSpace, attribute), {
    selector: ([of]) => of,
    maxLength: 3,
  })
  .map((all) => all.map(([of, gap, before, after, value]) => `${gap}${of}${before}=${after}${value}`).join(''));

const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  element: fc
    .tuple(name, attributes, maybeSpace, fc.array(tie('content'), { maxLength: 5 }), fc.boolean())
    .map(([of, some, gap, content, short]) =>
      content.length === 0 && short ? `<${of}${some}${gap}/>` : `<${of}${some}${gap}>${content.join('')}</${of}${gap}>`,
    ),
  content: fc.oneof({ maxDepth: 5 }, text, cdata, emptyCdata, other, tie('element')),
}));

/** Whether a record has attributes that xml2js cannot keep, which the kernel declines. */
export const hasInherited = (xml: string): boolean => /\s(?:__proto__|hasOwnProperty)\s*=/.test(xml);

const layout = fc.array(fc.oneof(other, fc.constantFrom('\n', '  ')), { maxLength: 2 }).map((all) => all.join(''));
const doctype = fc.constantFrom(
  '',
  `<!DOCTYPE s [ <!-- ]> <job/> ' --> <!ENTITY co "A ]> B"> <?p ]> "?> <!ENTITY both '&co;!'> <!ELEMENT job ANY>]>`,
  `<!DOCTYPE s [ <!-- > ]> " --> <!ENTITY co 'A > " ]> B'> <?p > ]> '?> <!ENTITY both "'&co;!"> <!ELEMENT job ANY>]>`,
  '<!DOCTYPE s SYSTEM "a>b">',
);

/** Well-formed documents with records in them, as a rule, at any depth. */
export const recordDocument = fc
  .tuple(
    fc.constantFrom('', '<?xml version="1.0"?>\n'),
    layout,
    doctype,
    layout,
    fc.array(fc.oneof(element, layout, text), { maxLength: 6 }),
    layout,
  )
  .map(
    ([declaration, before, type, between, content, after]) =>
      `${declaration}${before}${type}${between}<s>${content.join('')}</s>${after}`,
  )
  // Two texts beside each other may make this of their ends.
  .filter((document) => !document.replaceAll(/<!\[CDATA\[[\s\S]*?\]\]>/g, '').includes(']]>'));

/** Sizes of chunks, by turns. */
export const chunkSizes = fc.oneof(
  fc.constantFrom([1], [2], [3], [7]),
  fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }),
);
