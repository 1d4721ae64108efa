import fc from 'fast-check';

/** Names with prefixes, of several bytes a character, and of more than 16 bytes, beside those of records. */
const name = fc.constantFrom(
  'a',
  'b1',
  'job',
  'm0:job',
  'x-y.z',
  '_',
  'größe',
  '職種',
  '𐀀',
  'a-name-of-many-bytes:and-a-colon',
);

const space = fc.constantFrom(' ', '\n', '\r\n', '\t', '  \r');
const maybeSpace = fc.oneof(fc.constant(''), space);

/** Characters that XML allows, those that mean something in it more often than others. */
const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'ab -?!/="\'>];:#x\n\r\té€\u2028\ufffd，𝄞') },
  { weight: 1, arbitrary: fc.integer({ min: 0x20, max: 0xd7ff }).map((point) => String.fromCodePoint(point)) },
);
const characters = fc.array(character, { maxLength: 40 }).map((all) => all.join(''));
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const reference = fc.constantFrom('&lt;', '&amp;', '&gt;', '&quot;', '&apos;', '&#9;', '&#x1F600;', '&#65533;');
const text = fc.oneof(
  characters.map((some) => escaped(some).replaceAll(']]>', ']]&gt;')),
  reference,
);
const cdata = characters.map((some) => `<![CDATA[${some.replaceAll(']]>', '] ]>')}]]>`);
const comment = characters.map((some) => `<!--${some.replaceAll('-', '~')}-->`);
const instruction = fc
  .tuple(name, space, characters)
  .map(([target, gap, some]) => `<?${target}${gap}${some.replaceAll('?>', '? >')}?>`);

const value = fc.oneof(
  fc.tuple(characters, reference).map(([some, other]) => `"${escaped(some).replaceAll('"', '&quot;')}${other}"`),
  characters.map((some) => `'${escaped(some).replaceAll("'", '&apos;')}'`),
);
const attributes = fc
  .uniqueArray(fc.tuple(name, space, maybeSpace, maybeSpace, value), { selector: ([of]) => of, maxLength: 4 })
  .map((all) => all.map(([of, gap, before, after, what]) => `${gap}${of}${before}=${after}${what}`).join(''));

const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  element: fc.oneof(
    fc.tuple(name, attributes, maybeSpace).map(([of, some, gap]) => `<${of}${some}${gap}/>`),
    fc
      .tuple(name, attributes, maybeSpace, tie('content'))
      .map(([of, some, gap, inner]) => `<${of}${some}${gap}>${inner}</${of}${gap}>`),
  ),
  content: fc
    .array(fc.oneof({ maxDepth: 4 }, text, cdata, comment, instruction, tie('element')), { maxLength: 6 })
    .map((parts) => parts.join('')),
}));

const misc = fc.array(fc.oneof(comment, instruction, space), { maxLength: 2 }).map((all) => all.join(''));
const declaration = fc.constantFrom(
  '',
  '<?xml version="1.0"?>',
  "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n",
);

/** Well-formed documents of everything but a DOCTYPE. */
export const wellFormedDocument = fc
  .tuple(declaration, misc, element, misc)
  .map((parts) => parts.join(''))
  // Two texts beside each other may make this of their ends.
  .filter((document) => !document.replaceAll(/<!\[CDATA\[[\s\S]*?\]\]>/g, '').includes(']]>'));

const mutants = [
  '',
  '<',
  '>',
  '&',
  ';',
  '"',
  "'",
  '/',
  '=',
  ' ',
  '-',
  ']',
  '!',
  '?',
  '[',
  'x',
  '\u0001',
  '\uffff',
  '</a>',
  '<a>',
  '--',
  '&b;',
  '&#0;',
  ']]>',
  '<!--',
  '<![CDATA[',
];

/** Documents of which one place is changed, so that they are well-formed no more, as a rule. */
export const mutatedDocument = fc
  .tuple(wellFormedDocument, fc.nat(), fc.nat({ max: 3 }), fc.constantFrom(...mutants))
  .map(([document, at, length, mutant]) => {
    const points = [...document];
    points.splice(at % (points.length + 1), length, mutant);
    return points.join('');
  });

/** Sizes of chunks, by turns. */
export const chunkSizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
