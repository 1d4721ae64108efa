import { createHash } from 'node:crypto';
import { sequenceOf } from '../../messages/feed-message.ts';
import { parseFeedState, stateKey } from '../../messages/feed-state.ts';
import { JobError } from '../../process/job-error.ts';
import { readText, replaceText } from '../../process/objects.ts';
import type { Portion } from '../batches/portions.ts';
import { type Base, baseOf, completeDelivery, type Deliveries } from './base.ts';
import { nowAndThen } from './looks.ts';
import { parseTurn, type StoredTurn, storedBase } from './stored-turn.ts';

/** The right of a snapshot to be delivered. */
export interface Turn {
  readonly destination: string;
  /** The delivery that the snapshot's changes build on. */
  readonly base: Base;
  /** The delivery before it may have been under way when the turn moved, and may not know yet that it was overtaken. */
  readonly overtakes: boolean;
  /** Throws Superseded when it is another snapshot's turn by now. Looks now and then. */
  check(): Promise<void>;
}

export interface TurnPlace extends Deliveries {
  /** Milliseconds between two looks at whose turn it is. */
  readonly interval: number;
}

/** Milliseconds after which every delivery knows that it was overtaken, whatever clock tells it. */
const longestIgnorance = 60_000;

/** What asks for a turn. Portions of one message have the same one. */
type Claim = Pick<Portion, 'messageId' | 'changes' | 'snapshot'>;

/** A snapshot is older than the one that its destination gets, or got last. */
export class Superseded extends Error {
  override name = 'Superseded';
  readonly by: string;

  constructor(by: string) {
    super(`superseded by ${by}`);
    this.by = by;
  }
}

/** How often others may move the turn before this run gives up: children of an array job all want to move it. */
const patience = 20;

/** Deliveries one after the other that may be overtaken before one of them fails for it. */
const mostUnfinished = 3;

/**
 * Gives a snapshot its turn, or finds that it has it: all attempts and children of its job share one. What has become of
 * the delivery before is looked up once, when the turn moves. Snapshots have their turns in the order of their
 * sequence; `again` names a delivery that gets one out of it, once. Throws Superseded for a snapshot whose time is over.
 */
export async function takeTurn(place: TurnPlace, claim: Claim, again: string | undefined): Promise<Turn> {
  const { s3, bucket } = place;
  const { messageId: id } = claim;
  const key = keyOf(place, claim);
  // Nobody can tell what a message that was made by hand comes before, so that nothing overtakes it either.
  if (sequenceOf(id) === undefined) {
    const since = claim.changes?.since;
    const base = since === undefined ? {} : await baseOf(place, since);
    return { destination: place.destination, base, overtakes: false, check: async () => {} };
  }
  const asked = again === undefined ? undefined : `${id}-${again}`;
  for (let round = 0; round < patience; round++) {
    const seen = performance.now();
    const stored = await readText({ s3, bucket, key });
    const before = stored === undefined ? undefined : parseTurn(stored.text);
    const isGranted = asked === undefined || before?.again === asked;
    if (before?.id === id && isGranted) return turnOf(place, claim, before, seen);
    if (before !== undefined && isGranted) await refuseWhatIsOver(place, before, claim);
    const mark = asked ?? before?.again;
    const next = before?.id === id ? before : await turnAfter(place, before, claim);
    const text = JSON.stringify({ ...next, ...(mark !== undefined && { again: mark }) } satisfies StoredTurn);
    const etag = await replaceText({ s3, bucket, key }, text, stored?.etag);
    if (etag !== undefined) return turnOf(place, claim, next, seen);
  }
  throw new JobError(
    `delivering ${id}: others moved s3://${bucket}/${key} ${patience} times meanwhile; run the job again`,
  );
}

/** Records are read in one way or another, and what is read in one says nothing about the other. */
function keyOf({ destination }: TurnPlace, { messageId, snapshot }: Claim): string {
  const reading = /-[0-9a-f]{12}-([0-9a-f]{8})$/.exec(messageId)?.[1] ?? '';
  const hash = createHash('sha256').update(`${destination}\n${reading}`).digest('hex').slice(0, 16);
  return `turns/${snapshot.type}-${hash}.json`;
}

function turnOf(place: TurnPlace, claim: Claim, turn: StoredTurn, since: number): Turn {
  const { s3, bucket } = place;
  const key = keyOf(place, claim);
  const look = async (): Promise<void> => {
    const stored = await readText({ s3, bucket, key });
    const now = stored === undefined ? undefined : parseTurn(stored.text);
    if (now !== undefined && now.id !== claim.messageId) throw await overtakenBy(place, now, claim);
  };
  const overtakes = turn.overtook !== undefined && Date.now() - Date.parse(turn.overtook) < longestIgnorance;
  const check = nowAndThen(look, place.interval, since);
  return { destination: place.destination, base: storedBase(turn), overtakes, check };
}

async function refuseWhatIsOver(place: TurnPlace, before: StoredTurn, claim: Claim): Promise<void> {
  const { messageId: id, snapshot } = claim;
  if (isNotBefore(before.id, id) && !(await isCurrent(place, claim))) throw await overtakenBy(place, before, claim);
  // Its checkpoint says that there is nothing to do, and the keys of its batches are known to the destination.
  if (before.again !== undefined && (await completeDelivery(place, snapshot.id)) !== undefined)
    throw new JobError(
      `delivering ${id}: it was delivered, and ${before.id} after it; to deliver it once more run the job with AGAIN=<word>`,
    );
}

const isNotBefore = (before: string, id: string): boolean => (sequenceOf(before) ?? 0) >= (sequenceOf(id) ?? 0);

/** Where somebody removed the state of a feed its snapshots are counted anew, and the latest has a low number. */
async function isCurrent({ s3, bucket }: TurnPlace, { messageId, snapshot }: Claim): Promise<boolean> {
  const stored = await readText({ s3, bucket, key: stateKey(snapshot.type) });
  if (stored === undefined) return false;
  const { current, pending } = parseFeedState(stored.text);
  return [current, pending].some((each) => each !== undefined && `${messageId}-`.startsWith(`${each.id}-`));
}

/** The turn that follows one, with what became of the delivery before. */
async function turnAfter(place: TurnPlace, before: StoredTurn | undefined, claim: Claim): Promise<StoredTurn> {
  const { messageId: id, changes, snapshot } = claim;
  const since = changes?.since;
  const isBase = since !== undefined && before?.id === since.id;
  const ended = before && (await baseOf(place, isBase ? since : before));
  const unfinished = ended?.missing === undefined ? 0 : (before?.unfinished ?? 0) + 1;
  // Where another delivery than that which the changes build on came last, they are not enough.
  const base = since === undefined ? {} : isBase ? ended : { missing: since.id };
  // What AGAIN asked for has another checkpoint, which is not looked for.
  const isAgain = before?.again?.startsWith(`${before.id}-`) === true;
  const { parts } = snapshot;
  return {
    version: 1,
    id,
    ...(parts !== undefined && { parts }),
    ...base,
    ...(unfinished > 0 && { unfinished }),
    ...((unfinished > 0 || isAgain) && { overtook: new Date().toISOString() }),
  };
}

/** A delivery that is overtaken is no failure, unless none comes to its end any more: then somebody must know. */
async function overtakenBy(place: TurnPlace, turn: StoredTurn, { messageId, snapshot }: Claim): Promise<Error> {
  const { id: by, unfinished = 0 } = turn;
  const isNews =
    unfinished >= mostUnfinished &&
    (await completeDelivery(place, snapshot.id)) === undefined &&
    (await baseOf(place, turn)).missing !== undefined;
  if (!isNews) return new Superseded(by);
  return new JobError(
    `delivering ${messageId}: ${by} came before it was delivered, and none of the ${unfinished} snapshots before that one came to its end; look at the feed less often, or raise PARALLELISM`,
  );
}
