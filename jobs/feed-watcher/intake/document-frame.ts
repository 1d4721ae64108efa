/** What stands around the records of a part, so that it is a document like the whole one. */
export interface DocumentFrame {
  readonly head: string;
  readonly tail: string;
}

/** Bytes of a document that hold everything up to its root's start tag. */
export const mostHeadBytes = 16 * 1024 * 1024;

const space = /\s*/y;
/** Strings, comments and instructions first, so that no bracket in them counts. */
const doctypeToken = /"[^"]*"|'[^']*'|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|[[\]>]/g;
const tag = /<([^\s/>]+)(?:"[^"]*"|'[^']*'|[^"'>])*>/y;

/**
 * The frame for parts of a document in UTF-8, from its well-formed text before the first record: its document type, which
 * may define entities, and its root's start tag. Where the record itself is the root there is no tag around it.
 */
export function documentFrame(text: string): DocumentFrame {
  const doctype = doctypeIn(text);
  tag.lastIndex = rootAt(text);
  const [root = '', name = ''] = tag.exec(text) ?? [];
  const declarations = ['<?xml version="1.0" encoding="UTF-8"?>', doctype, root].filter((line) => line !== '');
  return { head: `${declarations.join('\n')}\n`, tail: name === '' ? '' : `</${name}>\n` };
}

/** The document type declaration; empty where there is none. */
export function doctypeIn(text: string): string {
  const at = miscEnd(text, 0);
  return text.startsWith('<!DOCTYPE', at) ? text.slice(at, doctypeEnd(text, at)) : '';
}

function rootAt(text: string): number {
  const at = miscEnd(text, 0);
  return text.startsWith('<!DOCTYPE', at) ? miscEnd(text, doctypeEnd(text, at)) : at;
}

/** Behind white space, comments and instructions. */
function miscEnd(text: string, from: number): number {
  let at = from;
  for (;;) {
    space.lastIndex = at;
    at += space.exec(text)?.[0].length ?? 0;
    const close = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : undefined;
    const end = close === undefined ? -1 : text.indexOf(close, at + 2);
    if (close === undefined || end < 0) return at;
    at = end + close.length;
  }
}

function doctypeEnd(text: string, from: number): number {
  let depth = 0;
  doctypeToken.lastIndex = from;
  for (let found = doctypeToken.exec(text); found !== null; found = doctypeToken.exec(text)) {
    if (found[0] === '>' && depth === 0) return doctypeToken.lastIndex;
    depth += found[0] === '[' ? 1 : found[0] === ']' ? -1 : 0;
  }
  return text.length;
}
