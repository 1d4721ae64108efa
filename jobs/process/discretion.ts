/** Stands for what was cut off. */
export const ellipsis = '…';

/** What HTML calls the characters that it must not hold as they are. */
const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** Shorter values of a query are no secrets, and words of their length are everywhere. */
const shortestValue = 4;

/**
 * Gives texts that came from a server without what it was sent and nobody else is to see: the token becomes `***`, and
 * what follows the host in the address `…`. A server may repeat them as it likes: plain, in JSON, in an address, in HTML.
 */
export function discretionAbout(token: string | undefined, url: URL): (text: string) => string {
  const hidden = [
    ...(token === undefined ? [] : [[spelt(token), '***'] as const]),
    ...placesOf(url).map((place) => [place, '…'] as const),
  ];
  return (text) => {
    const left = hidden.reduce((rest, [pattern, standIn]) => rest.replace(pattern, standIn), text);
    return token === undefined || !text.endsWith(ellipsis) ? left : withoutBeginning(left, token);
  };
}

/** Where a text was cut, the end of the token may have been cut off. */
function withoutBeginning(text: string, token: string): string {
  const told = text.slice(0, -ellipsis.length);
  let begun = Math.min(token.length - 1, told.length);
  while (!told.endsWith(token.slice(0, begun))) begun--;
  return told.slice(0, told.length - begun) + ellipsis;
}

/** Path and query, and each value of the query, the longest first. */
function placesOf({ pathname, search, searchParams }: URL): readonly RegExp[] {
  const place = `${pathname === '/' ? '' : pathname}${search}`;
  const values = [...searchParams.values()].filter(({ length }) => length >= shortestValue);
  const places = [place, pathname === '/' ? '' : pathname, search.slice(1), ...values].filter((each) => each !== '');
  return places.sort((a, b) => b.length - a.length).map((each) => spelt(decoded(each), '(?![\\w%-])'));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}

/** Finds a text however its characters are written. */
const spelt = (text: string, behind = ''): RegExp => new RegExp([...text].map(spellings).join('') + behind, 'giu');

function spellings(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const name = names[character];
  const plain = character.replace(/[$()*+./?[\\\]^{|}]/u, '\\$&');
  const encoded = encodeURIComponent(character);
  return `(?:${[
    ...[plain, `\\\\${plain}`, `\\\\u${code.toString(16).padStart(4, '0')}`],
    ...[encoded === character ? `%${code.toString(16).padStart(2, '0')}` : encoded],
    ...[`&#0*${code};`, `&#x0*${code.toString(16)};`],
    ...(name === undefined ? [] : [`&${name};`]),
    ...(character === ' ' ? ['\\+'] : []),
  ].join('|')})`;
}
