/**
 * Where things lie in the kernel's memory, and what bounds them: plain numbers, so that both sides of the kernel import
 * them. The first page belongs to the compiler. Names are held in bytes of UTF-8.
 */

export const deepestNesting = 1_000;
export const mostAttributes = 1_000;
export const longestName = 1_000;
/** A tag, or a reference, that goes on over the end of the input is held until it is whole. */
export const longestTag = 4 * 1024 * 1024;

/** 256 bytes: for each byte of ASCII whether a name may begin with it and whether it may hold it. */
export const nameClasses = 0x10000;

/** The name of the records. */
export const recordName = 0x10100;

/** The elements that are open, outermost first: address and length of each one's name, 32 bits each. */
export const openElements = 0x10800;
export const openElementSize = 8;

/** The attributes of the tag that is being read: address and length of each one's name, 32 bits each. */
export const attributes = 0x13000;
export const attributeSize = 8;

/** Addresses in the input of 32 bits each, by turns where a record begins and where it ends. */
export const recordBounds = 0x16000;
export const mostRecordBounds = 8 * 1024;

/** The names of the open elements, one behind the other: at most `deepestNesting` of `longestName`. */
export const openNames = 0x20000;

/** The input; from here on to the end of the memory, less the padding. */
export const input = 0x120000;

/** Blocks of 16 bytes are read from any address of the input, so as many must be there behind its end. */
export const padding = 16;
