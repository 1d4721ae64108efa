/** Elements to values, led by the shape: the bodies of restXml requests. */
import { fromText } from './scalars.ts';
import type { MapShape, Shape, StructShape } from './shape.ts';
import type { XmlElement } from './xml-tree.ts';

const childrenOf = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((child) => child.name === name);

export function fromXml(shape: Shape, element: XmlElement): unknown {
  switch (shape.kind) {
    case 'list':
      return childrenOf(element, shape.item.traits.xmlName ?? 'member').map((child) => fromXml(shape.item, child));
    case 'map':
      return readEntries(shape, childrenOf(element, 'entry'));
    case 'struct':
      return readMembers(shape, element);
    default:
      return fromText(shape, element.text);
  }
}

function readEntries(shape: MapShape, entries: readonly XmlElement[]): object {
  return Object.fromEntries(
    entries.map((entry) => {
      const key = childrenOf(entry, shape.key.traits.xmlName ?? 'key')[0];
      const value = childrenOf(entry, shape.value.traits.xmlName ?? 'value')[0];
      return [key?.text ?? '', value === undefined ? undefined : fromXml(shape.value, value)];
    }),
  );
}

function readMembers(shape: StructShape, element: XmlElement): object {
  const value: Record<string, unknown> = {};
  for (const [name, member] of shape.members) {
    const read = readMember(member, member.memberTraits.xmlName ?? name, element);
    if (read !== undefined) value[name] = read;
  }
  return value;
}

function readMember(member: Shape, name: string, element: XmlElement): unknown {
  if (member.traits.xmlAttribute) {
    const text = element.attributes.get(name);
    return text === undefined ? undefined : fromText(member, text);
  }
  const found = childrenOf(element, name);
  if (found[0] === undefined) return undefined;
  if (member.kind === 'list' && member.traits.xmlFlattened) return found.map((child) => fromXml(member.item, child));
  if (member.kind === 'map' && member.traits.xmlFlattened) return readEntries(member, found);
  return fromXml(member, found[0]);
}
