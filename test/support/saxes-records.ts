import { SaxesParser } from 'saxes';

/** Where saxes finds a record: its text, and the line of its `<`. */
export interface SaxesRecord {
  readonly xml: string;
  readonly line: number;
}

/** The records of a whole document: the outermost elements of a name, which without a colon may stand behind a prefix. */
export function saxesRecords(document: string, tag: string): readonly SaxesRecord[] {
  const parser = new SaxesParser({ xmlns: false });
  const isRecord = (name: string): boolean => name === tag || (!tag.includes(':') && name.endsWith(`:${tag}`));
  const records: SaxesRecord[] = [];
  let depth = 0;
  let begin = 0;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentagstart', ({ name }) => {
    // No name holds a "<", so the last one before the end of the name opens the tag.
    if (isRecord(name) && depth++ === 0) begin = document.lastIndexOf('<', parser.position - 1);
  });
  parser.on('closetag', ({ name }) => {
    if (!isRecord(name) || --depth > 0) return;
    records.push({ xml: document.slice(begin, parser.position), line: document.slice(0, begin).split('\n').length });
  });
  parser.write(document).close();
  return records;
}
