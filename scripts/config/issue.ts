/** A position in a config file; line and column count from 1, the column in characters. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One mistake in the config: where, in which field (dotted; empty for a whole file), and what would be right. */
export interface Issue {
  readonly place: Place;
  readonly path: string;
  readonly message: string;
}

/** `config/schedules.yaml:7:11`: what editors and terminals open at a click. */
export const written = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

const line = ({ place, path, message }: Issue): string =>
  `${written(place)} ${path === '' ? '' : `${path}: `}${message}`;

const byPlace = (a: Issue, b: Issue): number =>
  (a.place.file < b.place.file ? -1 : a.place.file > b.place.file ? 1 : 0) ||
  a.place.line - b.place.line ||
  a.place.column - b.place.column;

/** The config is wrong. Holds every issue, sorted by place; the message lists them all and ends in their count. */
export class ConfigError extends Error {
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    const sorted = issues.toSorted(byPlace);
    const count = sorted.length === 1 ? '1 problem' : `${sorted.length} problems`;
    super([...sorted.map(line), `${count} in the config; nothing was done`].join('\n'));
    this.name = 'ConfigError';
    this.issues = sorted;
  }
}
