/** How much of a document is looked at. */
export const headBytes = 16 * 1024;

/**
 * What an HTML page in a feed's place is called in an error; `undefined` when it is none. Servers answer 200 with a page
 * where a login, a consent or an error stands between the job and the feed, and its title says which.
 */
export function htmlPage(head: Uint8Array): string | undefined {
  const text = Buffer.from(head).toString('utf8');
  if (!/^\uFEFF?\s*(<\?xml[^>]*\?>\s*|<!--[\s\S]*?-->\s*)*<(!doctype\s+html|html|head|body)\b/i.test(text))
    return undefined;
  const title = /<title\b[^>]*>([^<]*)<\/title/i.exec(text)?.[1]?.replace(/\s+/g, ' ').trim() ?? '';
  return title === '' ? 'an HTML page' : `an HTML page, "${title.slice(0, 200)}"`;
}
