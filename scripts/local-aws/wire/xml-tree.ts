/** XML text to a tree of elements: what AWS clients send, so without DTDs and their entities. */
import { AwsError } from './errors.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const newElement = (name: string): XmlElement => ({ name, attributes: new Map(), children: [], text: '' });

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const unescapeXml = (text: string): string =>
  text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(lt|gt|amp|quot|apos));/gi,
    (whole, hex?: string, decimal?: string, name?: string) =>
      name !== undefined
        ? (named[name.toLowerCase()] ?? whole)
        : String.fromCodePoint(hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal)),
  );

const withoutPrefix = (name: string): string => name.slice(name.indexOf(':') + 1);

const token =
  /<!\[CDATA\[(?<cdata>[\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<\/(?<close>[^\s>]+)\s*>|<(?<open>[^\s/>!]+)(?<attributes>(?:\s+[^\s=>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(?<empty>\/?)>|(?<text>[^<]+)/y;
const attribute = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

const malformed = (): AwsError =>
  new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

/** The root element; namespace prefixes are dropped. Throws MalformedXML. */
export function parseXml(xml: string): XmlElement {
  const document = newElement('');
  const open: XmlElement[] = [document];
  const scanner = new RegExp(token);
  let end = 0;
  for (let match = scanner.exec(xml); match !== null; match = scanner.exec(xml)) {
    end = scanner.lastIndex;
    step(open, match.groups ?? {});
  }
  const [root, ...others] = document.children;
  if (end !== xml.length || open.length !== 1 || root === undefined || others.length > 0) throw malformed();
  return root;
}

function step(open: XmlElement[], part: Readonly<Record<string, string | undefined>>): void {
  const top = open.at(-1);
  if (top === undefined) throw malformed();
  if (part['cdata'] !== undefined) top.text += part['cdata'];
  else if (part['text'] !== undefined) top.text += unescapeXml(part['text']);
  else if (part['close'] !== undefined) {
    if (open.length < 2 || open.pop()?.name !== withoutPrefix(part['close'])) throw malformed();
  } else if (part['open'] !== undefined) {
    const element = newElement(withoutPrefix(part['open']));
    for (const [, name = '', double, single] of (part['attributes'] ?? '').matchAll(attribute))
      element.attributes.set(name, unescapeXml(double ?? single ?? ''));
    top.children.push(element);
    if (part['empty'] === '') open.push(element);
  }
}
