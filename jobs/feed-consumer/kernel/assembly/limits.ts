/** What the host relies on, too: mostFields of the rules of fields, and what batcher.ts says of records too large. */

/** Records that one run may find before the host takes them. */
export const MOST_RESULTS: u32 = 256;
export const MOST_FIELDS: u32 = 512;
/** Bytes of one record, from `<` to `>`. */
export const MOST_RECORD: usize = 64 * 1024 * 1024;
/** Elements that are kept at once: one with more of them in it is given in parts. */
export const MOST_KEPT_ELEMENTS: u32 = 1 << 12;
/** Bytes of a tag outside records, and of a DOCTYPE: what must be seen in one piece. Such a tag may be that of a record. */
export const MOST_MARKUP: usize = MOST_RECORD;
export const MOST_NAME: usize = 64 * 1024;
