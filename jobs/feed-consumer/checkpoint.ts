import { JsonFields } from '../messages/json-fields.ts';

/** How far the delivery of one snapshot to one destination has come, in `checkpoints/<message id>.json`. */
export interface Checkpoint {
  readonly version: 1;
  readonly destination: string;
  /** Batches keep their numbers and content from one attempt to the next, so their size must stay as it was. */
  readonly batchSize: number;
  readonly batches: number;
  /** Records in those batches, refused ones included. */
  readonly records: number;
  readonly rejected: number;
  readonly complete: boolean;
}

export const checkpointKey = (messageId: string): string => `checkpoints/${messageId}.json`;
export const rejectsKey = (messageId: string): string => `rejects/${messageId}.ndjson`;

/** Throws ContractError naming every field that is wrong. */
export function parseCheckpoint(text: string): Checkpoint {
  const fields = JsonFields.parse('the checkpoint', text);
  fields.version(1);
  const checkpoint: Checkpoint = {
    version: 1,
    destination: fields.text('destination'),
    batchSize: fields.count('batchSize'),
    batches: fields.count('batches'),
    records: fields.count('records'),
    rejected: fields.count('rejected'),
    complete: fields.flag('complete'),
  };
  fields.check();
  return checkpoint;
}
