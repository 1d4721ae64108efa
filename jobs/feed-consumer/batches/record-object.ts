import { Parser } from 'xml2js';
import { reasonOf } from '../../process/job-error.ts';
import { ObjectSweep } from '../../process/object-sweep.ts';

type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** Elements of these names would meet the text of an element, xml2js's own mark, or what every object inherits. */
const reserved: ReadonlySet<string> = new Set(['_', 'cdata', ...Object.getOwnPropertyNames(Object.prototype)]);

/** Elements of reserved names are renamed while xml2js has them. No name in XML holds this character. */
const escapeMark = '\u0000';

/** Elements that hold empty CDATA sections and nothing else; CDATA and comments first, so that nothing in them matches. */
const emptyCdata =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<([^\s<>/!?]+)\s*>(?:\s*<!\[CDATA\[\]\]>)+\s*<\/\1\s*>|<!\[CDATA\[[\s\S]*?\]\]>/g;

/** Comments, instructions and CDATA sections; each as a whole, since what looks like one in another is none. */
const section = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>/g;

/** A record that cannot become an object. */
export class UnreadableRecord extends Error {
  override name = 'UnreadableRecord';
}

/**
 * Lets xml2js, with `explicitArray: false` and `explicitRoot: false`, make objects of the records that the kernel has
 * declined. One converter is used for a whole feed, since a parser is expensive to make.
 */
export class RecordConverter {
  /** False: elements that hold only an empty CDATA section are left out. */
  readonly emptyCDATA: boolean;
  readonly #sweep = new ObjectSweep();
  #parser: Parser | undefined;
  #renamed = false;

  constructor(emptyCDATA: boolean) {
    this.emptyCDATA = emptyCDATA;
  }

  /** Text, or an object. Throws UnreadableRecord when xml2js cannot read the record. */
  convert(xml: string): unknown {
    const whole = withPlainInstructions(xml);
    const source = this.emptyCDATA ? whole : withoutEmptyCdata(whole);
    this.#sweep.passed(xml.length);
    this.#renamed = false;
    const value = this.#parse(source);
    return this.#renamed ? restored(value) : value;
  }

  #parse(xml: string): unknown {
    this.#parser ??= this.#newParser();
    // Calls back before it returns, or throws where sax itself fails and the parser was used before.
    let outcome: Outcome = { error: 'no element in it' };
    try {
      this.#parser.parseString(xml, (error: unknown, value: unknown) => {
        outcome = error === null || error === undefined ? { value } : { error };
      });
    } catch (error) {
      outcome = { error };
    }
    return this.#settled(outcome);
  }

  #settled(outcome: Outcome): unknown {
    if ('value' in outcome) return outcome.value;
    // A parser that has failed once swallows later errors.
    this.#parser = undefined;
    // The place behind it is that in a part of the record, where it is large.
    const [reason] = reasonOf(outcome.error).split('\n');
    throw new UnreadableRecord(`xml2js cannot read the record: ${reason}`);
  }

  #newParser(): Parser {
    return new Parser({
      explicitArray: false,
      explicitRoot: false,
      tagNameProcessors: [
        (name) => {
          if (!reserved.has(name)) return name;
          this.#renamed = true;
          return escapeMark + name;
        },
      ],
    });
  }
}

/** sax passes the end of an instruction that has a `?` before its `?>`: what follows up to the next one would be lost. */
function withPlainInstructions(xml: string): string {
  if (!xml.includes('??>')) return xml;
  return xml.replace(section, (whole) => (whole.startsWith('<?') && whole.endsWith('??>') ? '<?p?>' : whole));
}

function withoutEmptyCdata(xml: string): string {
  if (!xml.includes('<![CDATA[]]>')) return xml;
  const rest = xml.replace(emptyCdata, (whole, name?: string) => (name === undefined ? whole : ''));
  // A record is never left out itself.
  return rest === '' ? xml : rest;
}

function restored(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restored);
  if (typeof value !== 'object' || value === null) return value;
  const fields = new Map<string, unknown>();
  for (const [key, field] of Object.entries(value)) {
    const name = key.startsWith(escapeMark) ? key.slice(escapeMark.length) : key;
    // Only "_" can be there twice, as text and as an element: like any repeated field it becomes a list.
    fields.set(name, fields.has(name) ? [fields.get(name), restored(field)].flat() : restored(field));
  }
  return Object.fromEntries(fields);
}
