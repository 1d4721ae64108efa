import type { Move } from '../moved.ts';
import { fieldDetails } from './details.ts';
import { detailLines } from './text.ts';

/** What moved since a plan was reviewed, `then -> now`. */
export const renderMoves = (moves: readonly Move[]): readonly string[] =>
  moves.flatMap(({ key, what, fields }) => [
    `${key.replace('/', ' ')}: ${what.join('; ')}`,
    ...fieldDetails(fields).flatMap((detail) => detailLines(detail)),
  ]);
