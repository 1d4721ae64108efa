import Table from 'cli-table3';

/** No lines between the columns, two spaces instead. */
const lineless = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ mid: '', 'mid-mid': '', 'left-mid': '', 'right-mid': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', middle: '  ', right: '' },
};

export interface Column {
  readonly head: string;
  /** No text is wider. */
  readonly most: number;
  readonly isNumber?: boolean;
}

export interface Row {
  readonly cells: readonly string[];
  /** Lines below it that keep to no column. */
  readonly below?: readonly string[];
}

/** Cut so that both ends of a name stay, since names of one sort begin alike. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.floor(most / 3);
  return `${text.slice(0, most - end - 1)}…${text.slice(-end)}`;
}

/** Lines of aligned columns; `paint` gives the row's cells their colours once their widths are known. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly Row[],
  paint: (head: string) => string,
): string[] {
  const table = new Table({
    head: columns.map(({ head }) => paint(head)),
    colAligns: columns.map(({ isNumber }) => (isNumber === true ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: lineless,
  });
  for (const { cells } of rows) table.push(cells.map((cell, at) => cut(cell, columns[at]?.most ?? 0)));
  const [head = '', ...lines] = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return [head, ...lines.flatMap((line, at) => [line, ...(rows[at]?.below ?? [])])];
}

/** Text broken between words, each line indented. */
export function wrapped(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/)) {
    if (line !== indent && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line];
}
