import { styleText } from 'node:util';
import type { Change } from '../change.ts';

/** How people see what is done. */
export const looks = {
  create: { symbol: '+', colour: 'green', verb: 'creating' },
  update: { symbol: '~', colour: 'yellow', verb: 'updating' },
  replace: { symbol: '±', colour: 'magenta', verb: 'replacing' },
  delete: { symbol: '-', colour: 'red', verb: 'deleting' },
} as const;

export const headline = ({ action, ref }: Pick<Change, 'action' | 'ref'>): string => {
  const { symbol, colour } = looks[action];
  return `${styleText(colour, symbol)} ${ref.kind} ${styleText('bold', ref.name)}`;
};
