import { invalid } from './log-store.ts';

/**
 * CloudWatch's pattern for unstructured text: every term must be there, `-term` must not, and of `?term`s one must. A
 * term with other characters than letters, digits and `_` stands in quotes.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function filterOf(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[%]/.test(text))
    throw invalid(`Invalid filter pattern: the embedded AWS matches text only, not ${JSON.stringify(pattern)}`);
  const terms = [...text.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(
    ([, sign = '', quoted, plain = '']) => ({
      sign,
      term: quoted === undefined ? plain : quoted.replaceAll(/\\(.)/g, '$1'),
    }),
  );
  const optional = terms.filter(({ sign }) => sign === '?');
  return (message) =>
    terms.every(({ sign, term }) => sign === '?' || message.includes(term) === (sign !== '-')) &&
    (optional.length === 0 || optional.some(({ term }) => message.includes(term)));
}
