import type { Value } from './kind.ts';
import { type Fields, isFields } from './value.ts';

/** `environment.BUCKET`; keys that are no plain words go into brackets: `tags["a.b"]`. */
export function memberPath(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** `Statement[WriteLog]`; what could be taken for a number or is no plain word is quoted. */
const labelPath = (path: string, label: string): string =>
  `${path}[${/^[A-Za-z_][\w-]*$/.test(label) ? label : JSON.stringify(label)}]`;

interface Naming {
  /** The member that tells entries apart. */
  readonly by: string;
  readonly fits: (entry: Fields) => boolean;
  readonly path: (path: string, name: string) => string;
  readonly value: (entry: Fields) => Value | undefined;
}

/** AWS writes maps as lists of pairs: `{ name, value }` in Batch, `{ key, value }` elsewhere. */
const pairs = (by: string): Naming => ({
  by,
  fits: (entry) => Object.keys(entry).every((key) => key === by || key === 'value'),
  path: memberPath,
  value: (entry) => entry['value'],
});

const labelled = (by: string): Naming => ({ by, fits: () => true, path: labelPath, value: (entry) => entry });

const namings: readonly Naming[] = [
  pairs('name'),
  pairs('key'),
  labelled('id'),
  labelled('Sid'),
  // Of a bucket's lifecycle. A pattern of events knows prefixes, too, and says nothing else beside one.
  { ...labelled('prefix'), fits: (entry) => Object.keys(entry).length > 1 },
];

function names(list: readonly Value[], { by, fits }: Naming): boolean {
  const found = list.flatMap((entry) => {
    const name = isFields(entry) && fits(entry) ? entry[by] : undefined;
    return typeof name === 'string' ? [name] : [];
  });
  return new Set(found).size === list.length;
}

/**
 * How the entries of lists are found again when others come and go: by path, in their order. `undefined` where nothing
 * names them all.
 */
export function namesFor(
  ...lists: readonly (readonly Value[])[]
): ((list: readonly Value[], path: string) => ReadonlyMap<string, Value | undefined>) | undefined {
  const naming = namings.find((each) => lists.every((list) => names(list, each)));
  if (naming === undefined) return undefined;
  return (list, path) =>
    new Map(list.filter(isFields).map((entry) => [naming.path(path, String(entry[naming.by])), naming.value(entry)]));
}
