/** A time as config writes it, in UTC where it names no offset of its own; an invalid date for what is none. */
export const momentOf = (text: string): Date => new Date(/[zZ]$|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);
