/** The form bodies of awsQuery and ec2Query to values: `Tags.member.1.Key=a` and `Filter.1.Value.1=a`. */
import { fromText } from './scalars.ts';
import type { ListShape, MapShape, Shape, StructShape } from './shape.ts';

interface FormTree {
  text: string;
  readonly parts: Map<string, FormTree>;
}

const newTree = (): FormTree => ({ text: '', parts: new Map() });

export function parseForm(form: URLSearchParams): FormTree {
  const root = newTree();
  for (const [key, text] of form) {
    let tree = root;
    for (const part of key.split('.')) {
      const next = tree.parts.get(part) ?? newTree();
      tree.parts.set(part, next);
      tree = next;
    }
    tree.text = text;
  }
  return root;
}

const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

function numbered(tree: FormTree | undefined): readonly FormTree[] {
  return [...(tree?.parts ?? [])]
    .filter(([key]) => /^\d+$/.test(key))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, part]) => part);
}

/** ec2Query differs: all lists are flat, and names are capitalized unless the model gives one. */
export function fromForm(shape: Shape, tree: FormTree, ec2: boolean): unknown {
  switch (shape.kind) {
    case 'list':
      return readItems(shape, tree, ec2);
    case 'map':
      return readEntries(shape, tree, ec2);
    case 'struct':
      return readMembers(shape, tree, ec2);
    default:
      return fromText(shape, tree.text);
  }
}

function readItems(shape: ListShape, tree: FormTree, ec2: boolean): readonly unknown[] {
  const flat = ec2 || shape.traits.xmlFlattened;
  const items = flat ? tree : tree.parts.get(shape.item.traits.xmlName ?? 'member');
  return numbered(items).map((item) => fromForm(shape.item, item, ec2));
}

function readEntries(shape: MapShape, tree: FormTree, ec2: boolean): object {
  const entries = shape.traits.xmlFlattened ? tree : tree.parts.get('entry');
  return Object.fromEntries(
    numbered(entries).map((entry) => [
      entry.parts.get(shape.key.traits.xmlName ?? 'key')?.text ?? '',
      fromForm(shape.value, entry.parts.get(shape.value.traits.xmlName ?? 'value') ?? newTree(), ec2),
    ]),
  );
}

function readMembers(shape: StructShape, tree: FormTree, ec2: boolean): object {
  const value: Record<string, unknown> = {};
  for (const [name, member] of shape.members) {
    const onWire = member.memberTraits.xmlName ?? name;
    const part = tree.parts.get(ec2 ? (member.traits.ec2QueryName ?? capitalized(onWire)) : onWire);
    if (part !== undefined) value[name] = fromForm(member, part, ec2);
  }
  return value;
}
