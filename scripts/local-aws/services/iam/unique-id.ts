import { randomBytes } from 'node:crypto';

/** IAM's unique ids: a prefix for the kind and 17 characters of base 32. */
export const uniqueId = (prefix: 'AROA' | 'AIPA' | 'ANPA'): string =>
  `${prefix}${[...randomBytes(17)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('')}`;
