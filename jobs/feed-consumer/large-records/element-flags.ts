/** What is in an element: element.ts of the kernel. */
export const elementFlag = {
  /** Some of its text is more than layout. */
  hasText: 1,
  hasEmptyCdata: 2,
  /** Something beside white space and empty CDATA sections. */
  hasOther: 4,
  /** Some of its text can be seen; that of a section may be blank. */
  isSeen: 64,
} as const;

export const isSeen = (flags: number): boolean => (flags & elementFlag.isSeen) !== 0;

export const hasText = (flags: number): boolean => (flags & elementFlag.hasText) !== 0;

/** Whether it holds an empty CDATA section, and nothing else but white space. */
export const isEmptyCdata = (flags: number): boolean =>
  (flags & (elementFlag.hasEmptyCdata | elementFlag.hasOther)) === elementFlag.hasEmptyCdata;
