import { type Document, isScalar, type Scalar, visit, type YAMLError } from 'yaml';

/** A mistake of YAML's grammar, in the words of somebody who writes their first YAML file. */
export interface Slip {
  readonly offset: number;
  readonly message: string;
}

interface Complaint extends Slip {
  /** What the parser says of the lines after a slip of indentation only follows from it. */
  readonly indentation?: 'slip' | 'follows';
}

const lineAt = (text: string, offset: number): string =>
  text.slice(text.lastIndexOf('\n', offset - 1) + 1).replace(/[\r\n].*$/s, '');

/** Where the value begins in whose midst the parser gave up. */
function valueStart(text: string, offset: number): number {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = /^.*?[:-][ \t]+(?=\S)/.exec(text.slice(lineStart, offset + 1))?.[0] ?? '';
  return lineStart + before.length;
}

function openingQuote(document: Document, offset: number): number {
  const opened: number[] = [];
  const note = (_key: unknown, node: Scalar): void => {
    const start = node.range?.[0];
    if (isScalar(node) && node.type?.startsWith('QUOTE') && start !== undefined) opened.push(start);
  };
  visit(document, { Scalar: note });
  return opened.filter((start) => start < offset).at(-1) ?? offset;
}

const quoteColon = 'a value with ": " inside must be quoted';
const quoteStar = 'a value that begins with "*" or "&" must be quoted';

/** `a: b: c` is a value with a colon; a pair below a value is a line that is indented too far. */
const nested = (offset: number, rest: string): Complaint =>
  /:(\s|$)/.test(rest)
    ? { offset, message: quoteColon }
    : {
        offset,
        message: 'the line below is indented deeper, as if it belonged to this value; line it up with its neighbours',
        indentation: 'slip',
      };

function noPair(offset: number, line: string): Complaint {
  const glued = /^\s*(?:- )?([\w-]+):(?=\S)/.exec(line)?.[1];
  if (glued !== undefined) return { offset, message: `a space is missing after "${glued}:"` };
  return { offset, message: 'must be "name: value", or an entry of a list with "- " before it' };
}

function complaintOf({ code, message, pos: [offset] }: YAMLError, text: string, document: Document): Complaint {
  switch (code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return nested(offset, lineAt(text, offset).slice(offset - text.lastIndexOf('\n', offset - 1) - 1));
    case 'MULTILINE_IMPLICIT_KEY':
      return noPair(offset, lineAt(text, offset));
    case 'TAB_AS_INDENT':
      return { offset, message: 'tabs cannot indent; use spaces', indentation: 'slip' };
    case 'MULTIPLE_DOCS':
      return { offset, message: 'holds more than one document ("---"); put each into a file of its own' };
    case 'BAD_ALIAS':
      return { offset, message: quoteStar };
    case 'BAD_SCALAR_START':
      return { offset, message: `a value that begins with "${text.charAt(offset)}" must be quoted` };
    case 'BAD_INDENT': {
      const bracket = /end with a ([\]}])/.exec(message)?.[1];
      if (bracket !== undefined) return { offset, message: `"${bracket}" is missing before this` };
      return { offset, message: 'must be indented like the entries before it', indentation: 'follows' };
    }
    default:
      if (/closing ['"]quote/.test(message)) {
        return { offset: openingQuote(document, offset), message: 'the quote that begins here is not closed' };
      }
      if (/alias|anchor/i.test(message)) return { offset: valueStart(text, offset), message: quoteStar };
      if (/scalar at node end/.test(message)) {
        return { offset, message: 'stands behind a value in quotes; put the quotes around the whole' };
      }
      return { offset, message: message.charAt(0).toLowerCase() + message.slice(1) };
  }
}

/** What git leaves in a file that two people changed. */
const conflict = /^<{7} .*$/gm;

/** What the parser complains of, once a line and without what only follows from a slip before. */
export function slipsOf(document: Document, text: string): readonly Slip[] {
  const conflicts = [...text.matchAll(conflict)].map(({ index }) => index);
  if (conflicts.length > 0) {
    return conflicts.map((offset) => ({
      offset,
      message: 'a merge conflict was left here; keep one of its two sides',
    }));
  }
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
  const slips: Slip[] = [];
  const lines = new Set<number>();
  let slipped = false;
  for (const error of [...document.errors, ...document.warnings]) {
    const { indentation, ...slip } = complaintOf(error, text, document);
    const line = lineOf(error.pos[0]);
    const follows =
      slipped && (indentation === 'follows' || (indentation === 'slip' && error.code !== 'TAB_AS_INDENT'));
    if (!lines.has(line) && !follows) slips.push(slip);
    lines.add(line);
    slipped ||= indentation !== undefined;
  }
  return slips;
}
