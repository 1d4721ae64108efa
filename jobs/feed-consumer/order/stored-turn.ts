import { leastParts, mostParts } from '../../messages/feed-message.ts';
import { JsonFields } from '../../messages/json-fields.ts';
import type { Base } from './base.ts';

/**
 * Which snapshot of a feed a destination gets, or got last, in `turns/<type>-<hash>.json`. It moves with If-Match, before
 * anything is sent.
 */
export interface StoredTurn extends Base {
  readonly version: 1;
  /** Of the message. */
  readonly id: string;
  /** The snapshot has so many parts. */
  readonly parts?: number;
  /** The latest delivery that AGAIN asked for, of this snapshot or of one before. */
  readonly again?: string;
  /** Snapshots before this one, one after the other, that had not come to their end when the next one had its turn. */
  readonly unfinished?: number;
  /** When it began in the place of a delivery that may have been under way: ISO 8601. */
  readonly overtook?: string;
}

export const storedBase = ({ missing, allRejected }: Base): Base => ({
  ...(missing !== undefined && { missing }),
  ...(allRejected && { allRejected }),
});

/** Throws ContractError naming every field that is wrong. */
export function parseTurn(text: string): StoredTurn {
  const fields = JsonFields.parse('the turn of a snapshot', text);
  fields.version(1);
  const id = fields.text('id');
  const parts = fields.optionalCount('parts', leastParts, mostParts);
  const again = fields.optionalText('again');
  const unfinished = fields.optionalCount('unfinished');
  const overtook = fields.optionalText('overtook');
  const missing = fields.optionalText('missing');
  const allRejected = fields.has('allRejected') && fields.flag('allRejected');
  fields.check();
  return {
    version: 1,
    id,
    ...(parts !== undefined && { parts }),
    ...(again !== undefined && { again }),
    ...(unfinished !== undefined && { unfinished }),
    ...(overtook !== undefined && { overtook }),
    ...(missing !== undefined && { missing }),
    ...(allRejected && { allRejected }),
  };
}
