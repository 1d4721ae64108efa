/** Values to elements, led by the shape: restXml bodies and the answers of the query protocols. */
import { isTextShape, mismatch, toText } from './scalars.ts';
import type { MapShape, Shape, StructShape } from './shape.ts';
import { isRecord } from './traits.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

/** White space is escaped too: parsers may normalise it, and keys of objects may hold it. */
const escapeXml = (text: string): string => text.replace(/[&<>"\t\r\n]/g, (char) => escapes[char] ?? char);

export const element = (name: string, inner: string, attributes = ''): string =>
  `<${name}${attributes}>${inner}</${name}>`;
export const textElement = (name: string, text: string): string => element(name, escapeXml(text));
export const xmlns = (uri: string): string => (uri === '' ? '' : ` xmlns="${escapeXml(uri)}"`);
export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

function namespaceOf(shape: Shape): string {
  const { xmlNamespace } = shape.traits;
  if (xmlNamespace === undefined) return '';
  return ` xmlns${xmlNamespace.prefix === '' ? '' : `:${xmlNamespace.prefix}`}="${escapeXml(xmlNamespace.uri)}"`;
}

/** The element, or (flattened lists and maps) the elements, that carry the value under that name. */
export function toXml(name: string, shape: Shape, value: unknown, outer = ''): string {
  const attributes = outer + namespaceOf(shape);
  const flat = shape.traits.xmlFlattened;
  if (isTextShape(shape)) return element(name, escapeXml(toText(shape, value, 'date-time')), attributes);
  if (shape.kind === 'list' && Array.isArray(value)) {
    const itemName = flat ? name : (shape.item.traits.xmlName ?? 'member');
    const items = value.map((item) => toXml(itemName, shape.item, item)).join('');
    return flat ? items : element(name, items, attributes);
  }
  if (shape.kind === 'map' && isRecord(value)) {
    const entries = entriesToXml(flat ? name : 'entry', shape, value);
    return flat ? entries : element(name, entries, attributes);
  }
  if (shape.kind === 'struct' && isRecord(value))
    return element(name, membersToXml(shape, value), attributes + attributesToXml(shape, value));
  throw mismatch(shape, value);
}

const entriesToXml = (name: string, shape: MapShape, value: Readonly<Record<string, unknown>>): string =>
  Object.entries(value)
    .filter(([, one]) => one !== undefined && one !== null)
    .map(([key, one]) =>
      element(
        name,
        textElement(shape.key.traits.xmlName ?? 'key', key) +
          toXml(shape.value.traits.xmlName ?? 'value', shape.value, one),
      ),
    )
    .join('');

const attributesToXml = (shape: StructShape, value: Readonly<Record<string, unknown>>): string =>
  [...shape.members]
    .filter(([name, member]) => member.traits.xmlAttribute && value[name] !== undefined && value[name] !== null)
    .map(
      ([name, member]) => ` ${member.traits.xmlName ?? name}="${escapeXml(toText(member, value[name], 'date-time'))}"`,
    )
    .join('');

/** The elements of a structure's members, without one around them. */
export function membersToXml(shape: StructShape, value: Readonly<Record<string, unknown>>): string {
  let xml = '';
  for (const [name, member] of shape.members) {
    const one = value[name];
    if (one !== undefined && one !== null && !member.traits.xmlAttribute)
      xml += toXml(member.memberTraits.xmlName ?? name, member, one);
  }
  return xml;
}
