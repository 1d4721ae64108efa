import { DocumentChecker } from '../../jobs/xml/document-checker.ts';
import { FeedError } from '../../jobs/xml/feed-error.ts';

/** What comes of checking a document: its text and the bounds of its records, or why and where it is refused. */
export type Verdict =
  | { readonly text: string; readonly bounds: readonly number[]; readonly records: number }
  | { readonly refusal: string; readonly place: unknown };

/** How documents are cut in tests: always so many bytes, or sizes by turns. */
export const chunkings: readonly (readonly number[])[] = [[1], [2], [3], [7], [64], [1, 13, 2, 400, 5], [1_000_000]];

/** Checks a document that comes in chunks of these sizes, by turns. */
export function verdictOf(
  document: string | Uint8Array,
  sizes: readonly number[] = [1_000_000],
  record = 'job',
): Verdict {
  const bytes = Buffer.from(document);
  const checker = new DocumentChecker(record);
  const texts: Uint8Array[] = [];
  const bounds: number[] = [];
  const take = (parts: ReturnType<DocumentChecker['end']>): void => {
    for (const part of parts) {
      texts.push(part.utf8);
      for (const bound of part.bounds) bounds.push(bound);
    }
  };
  try {
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const size = sizes[turn % sizes.length] ?? 1;
      // The memory of a chunk is used again: nothing may be kept of it.
      const chunk = Uint8Array.from(bytes.subarray(at, at + size));
      take(checker.write(chunk).map((part) => ({ ...part, utf8: Uint8Array.from(part.utf8) })));
      chunk.fill(0xff);
      at += size;
    }
    take(checker.end());
    return { text: Buffer.concat(texts).toString(), bounds, records: checker.records };
  } catch (error) {
    if (!(error instanceof FeedError)) throw error;
    return { refusal: error.message, place: error.details };
  }
}

export const isAccepted = (verdict: Verdict): boolean => 'text' in verdict;
