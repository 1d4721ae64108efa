/** Where the walk stands, and how each step of it ends. */
import { begin, decline, moveTo, noteSearched, openLarge, record } from './reader';
import { BUILT, UNUSUAL } from './record';

/** What is read at `begin`. */
export const TEXT: u32 = 0;
export const MARKUP: u32 = 1;
export const START_TAG: u32 = 2;
export const END_TAG: u32 = 3;
export const COMMENT: u32 = 4;
export const CDATA: u32 = 5;
export const INSTRUCTION: u32 = 6;
export const DOCUMENT_TYPE: u32 = 7;

/** Why a document cannot be read on. */
export const NOT_MARKUP: u32 = 1;
export const CROSSING_TAGS: u32 = 2;
export const MARKUP_TOO_LONG: u32 = 3;
export const CUT_OFF: u32 = 4;
export const NO_ROOT: u32 = 5;
export const SECOND_ROOT: u32 = 6;

export let state: u32 = TEXT;
export let sawRoot: bool = false;
/** The host is to take what was found. */
export let isStopped: bool = false;
export let failure: u32 = 0;
export let failureAt: usize = 0;

export function beginRun(): void {
  isStopped = false;
}

export function noteRoot(): void {
  sawRoot = true;
}

/** What each step gives: whether the next one may follow. */
export function goOn(next: u32, at: usize): bool {
  state = next;
  moveTo(at);
  return true;
}

/** The markup stays where it begins; its end is sought behind what it begins with. */
export function goOnHere(next: u32, length: usize): bool {
  state = next;
  noteSearched(begin + length);
  return true;
}

export function waitFrom(at: usize): bool {
  noteSearched(at);
  return false;
}

export function stopHere(): bool {
  isStopped = true;
  return false;
}

/** The same, where the end of what is read was found already. */
export function stopAt(end: usize): bool {
  noteSearched(end);
  return stopHere();
}

export function failHere(reason: u32): bool {
  failure = reason;
  failureAt = begin;
  return false;
}

/** What building the record made of something. */
export function note(built: u32): void {
  if (built === BUILT) return;
  if (built === UNUSUAL) decline();
  else openKept(begin);
}

/** What is kept has become large: it is opened, and what is there of it is read once more to be given in parts. */
export function openKept(end: usize): void {
  openLarge(end);
  goOn(MARKUP, record);
}
