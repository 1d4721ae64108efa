import { RecordSet } from '../../messages/record-set.ts';
import type { RecordStream } from './record-list.ts';

/** Records of one id that are compared: a feed in which all have the same must not fill the memory. */
const mostOfOneId = 1_000;

/** All records of one id, or the first of them; places in ascending order. */
interface Group {
  readonly id: string;
  /** The id as it stands in the first of them. */
  readonly text: string;
  readonly hashes: string[];
  readonly places: number[];
}

interface Difference {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly group: Group;
}

/** How many ids came, went and stand for something else, and which records of the new list have those that came or changed. */
export interface Comparison {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly deliver: RecordSet;
}

/** Compares two lists, each in the order of ids, as streams. */
export async function compared(before: RecordStream, now: RecordStream): Promise<Comparison> {
  const counts = { added: 0, removed: 0, changed: 0 };
  const deliver = new RecordSet();
  for await (const { kind, group } of differences(before, now)) {
    counts[kind]++;
    if (kind !== 'removed') for (const place of group.places) deliver.add(place);
  }
  return { ...counts, deliver };
}

/** The ids that went, each as it stood in its record: who has the record knows it by that. */
export async function* removedIds(before: RecordStream, now: RecordStream): AsyncGenerator<string> {
  for await (const { kind, group } of differences(before, now)) if (kind === 'removed') yield group.text;
}

async function* differences(before: RecordStream, now: RecordStream): AsyncGenerator<Difference> {
  const present = groups(now);
  let next = await present.next();
  for await (const old of groups(before)) {
    for (; next.done !== true && next.value.id < old.id; next = await present.next())
      yield { kind: 'added', group: next.value };
    if (next.done === true || next.value.id > old.id) {
      yield { kind: 'removed', group: old };
      continue;
    }
    if (!isAlike(old, next.value)) yield { kind: 'changed', group: next.value };
    next = await present.next();
  }
  for (; next.done !== true; next = await present.next()) yield { kind: 'added', group: next.value };
}

const isAlike = (a: Group, b: Group): boolean => [...a.hashes].sort().join() === [...b.hashes].sort().join();

async function* groups(entries: RecordStream): AsyncGenerator<Group, undefined> {
  let group: Group | undefined;
  for await (const { id, text, hash, place } of entries) {
    if (group?.id !== id) {
      if (group !== undefined) yield group;
      group = { id, text, hashes: [], places: [] };
    }
    if (group.hashes.length === mostOfOneId) continue;
    group.hashes.push(hash);
    group.places.push(place);
  }
  if (group !== undefined) yield group;
}
