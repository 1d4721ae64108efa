/** How many single-character edits lead from one word to another (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** `did you mean "feeds"?`, or all there are when none is near. */
export function suggestion(wrong: string, known: Iterable<string>): string {
  const names = [...known].sort();
  if (names.length === 0) return 'there is none';
  const near = names
    .map((name) => ({ name, distance: distance(wrong.toLowerCase(), name.toLowerCase()) }))
    .filter((candidate) => candidate.distance <= Math.max(2, wrong.length / 3))
    .sort((a, b) => a.distance - b.distance)[0];
  return near === undefined ? `there are: ${names.join(', ')}` : `did you mean "${near.name}"?`;
}
