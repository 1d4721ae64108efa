/** From one code point to another one, both included. */
export type Range = readonly [from: number, to: number];

const last = 0x10ffff;

const known = new Map<string, readonly Range[]>();

/** The characters that an escape, or a dot, means to V8: `\s`, `\D`, `\p{Lu}`. Texts have no halves of surrogate pairs. */
export function charactersOf(atom: string): readonly Range[] {
  const positive = atom.replace(/^\\[DSWP]/, (begin) => begin.toLowerCase());
  if (positive !== atom) return allBut(charactersOf(positive));
  const ranges = known.get(atom) ?? charactersThat(new RegExp(atom, 'u'));
  known.set(atom, ranges);
  return ranges;
}

/** Asks for every code point, in some 20 ms. */
function charactersThat(match: RegExp): readonly Range[] {
  const ranges: Range[] = [];
  let from: number | undefined;
  for (let code = 0; code <= last + 1; code++) {
    const is = code <= last && match.test(String.fromCodePoint(code));
    if (is) from ??= code;
    else if (from !== undefined) {
      ranges.push([from, code - 1]);
      from = undefined;
    }
  }
  return ranges;
}

export function allBut(ranges: readonly Range[]): readonly Range[] {
  const gaps: Range[] = [];
  let from = 0;
  for (const [begin, end] of joined(ranges)) {
    if (begin > from) gaps.push([from, begin - 1]);
    from = end + 1;
  }
  return from > last ? gaps : [...gaps, [from, last]];
}

/** Sorted, and one where they touch. */
function joined(ranges: readonly Range[]): readonly Range[] {
  const all: Range[] = [];
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    const before = all.at(-1);
    if (before === undefined || from > before[1] + 1) all.push([from, to]);
    else all[all.length - 1] = [before[0], Math.max(before[1], to)];
  }
  return all;
}

/** One of these characters, as RE2 reads it. It knows no class with nothing in it, but one that leaves all out. */
export function classOf(ranges: readonly Range[]): string {
  const text = joined(ranges)
    .map(([from, to]) => (from === to ? written(from) : `${written(from)}-${written(to)}`))
    .join('');
  return text === '' ? `[^${written(0)}-${written(last)}]` : `[${text}]`;
}

const written = (code: number): string => `\\x{${code.toString(16)}}`;
