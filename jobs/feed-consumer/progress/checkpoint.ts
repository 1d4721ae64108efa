import { JsonFields } from '../../messages/json-fields.ts';
import type { Covered } from './progress.ts';

/** What the name of a delivery has behind that of its snapshot, or of its part, where not simply all records are delivered. */
export const suffixes = { changes: '-delta', all: '-whole' } as const;

/**
 * How far the delivery of one snapshot to one destination has come, in `checkpoints/<delivery>.json`. A delivery is called
 * after its message; that of a part `<message id>-<index>`, and that of changes alone has `-delta` behind, that of
 * all records with deletions `-whole`. One that was asked for with AGAIN has its word behind the id.
 */
export interface Checkpoint extends Covered {
  readonly version: 1;
  readonly destination: string;
  /** Batches keep their numbers and content from one attempt to the next, so their size must stay as it was. */
  readonly batchSize: number;
  readonly batches: number;
  readonly rejected: number;
  /** Objects that the rejects lie in. */
  readonly rejectParts: number;
  readonly complete: boolean;
  /** Which run wrote it: no two runs write the same text. None in a checkpoint of a version before this. */
  readonly run?: string;
}

/** What was to be sent, rejects included. */
export const sentOf = ({ records, unchanged, deletions }: Covered): number => records - unchanged + deletions;

export const checkpointKey = (delivery: string): string => `checkpoints/${delivery}.json`;
/** What the keys of its rejects begin with. */
export const rejectsKey = (delivery: string): string => `rejects/${delivery}/`;
export const rejectPartKey = (delivery: string, part: number): string =>
  `${rejectsKey(delivery)}${String(part).padStart(5, '0')}.ndjson`;

/** Throws ContractError naming every field that is wrong. */
export function parseCheckpoint(text: string): Checkpoint {
  const fields = JsonFields.parse('the checkpoint', text);
  fields.version(1);
  const run = fields.optionalText('run');
  const checkpoint: Checkpoint = {
    version: 1,
    destination: fields.text('destination'),
    batchSize: fields.count('batchSize'),
    batches: fields.count('batches'),
    records: fields.count('records'),
    unchanged: fields.optionalCount('unchanged') ?? 0,
    deletions: fields.optionalCount('deletions') ?? 0,
    withheld: fields.optionalCount('withheld') ?? 0,
    rejected: fields.count('rejected'),
    rejectParts: fields.optionalCount('rejectParts') ?? 0,
    complete: fields.flag('complete'),
    ...(run !== undefined && { run }),
  };
  fields.check();
  return checkpoint;
}
