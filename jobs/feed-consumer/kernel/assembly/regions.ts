/**
 * The memory. What has a fixed size lies in front, as static data; behind it five regions follow each other and grow as
 * needed, by moving up those behind them:
 *
 *   input | elements | slots | pieces | output
 *
 * The input comes first so that it never moves while it is read. Whatever points into another region is an index or an
 * offset, never an address, for as long as something may grow.
 */
import { LANES, SPARE } from './scan';

/** The depth to which elements are built; deeper records are left to others. */
export const MOST_DEPTH: u32 = 1024;
/** A record whose text is in more pieces is left to others. */
export const MOST_PIECES: u32 = 1 << 21;

const PAGE: usize = 65536;
const ELEMENT_SHIFT: usize = 6;
const PIECE_SHIFT: usize = 4;
const SLOT_SHIFT: usize = 2;
const FIRST_INPUT: usize = 1024 * 1024;
const FIRST_OUTPUT: usize = 2 * 1024 * 1024;
const FIRST_ELEMENTS: u32 = 1024;
const FIRST_PIECES: u32 = 2048;

/** Indexes of the open elements of a record, the outermost first. */
const stack = memory.data(MOST_DEPTH * 4, 16);

export let input: usize = 0;
export let inputEnd: usize = 0;
export let elementCapacity: u32 = FIRST_ELEMENTS;
export let pieceCapacity: u32 = FIRST_PIECES;
export let output: usize = 0;
export let outputEnd: usize = 0;
/** Behind the JSON of the results of this run. */
export let outputUsed: usize = 0;
let elements: usize = 0;
let slots: usize = 0;
let pieces: usize = 0;

export function layOut(): void {
  input = (__heap_base + LANES - 1) & ~(LANES - 1);
  inputEnd = input + FIRST_INPUT;
  elements = inputEnd + SPARE;
  slots = elements + ((elementCapacity as usize) << ELEMENT_SHIFT);
  pieces = slots + (slotCount() << SLOT_SHIFT);
  output = pieces + ((pieceCapacity as usize) << PIECE_SHIFT);
  outputUsed = output;
  outputEnd = output + FIRST_OUTPUT;
  reserve();
}

export function growInput(bytes: usize): void {
  moveUp(elements, bytes);
  inputEnd += bytes;
  elements += bytes;
  slots += bytes;
  pieces += bytes;
}

/** Makes room for twice as many elements, and for the slots that go with them; what the slots hold is lost. */
export function growElements(): void {
  const elementBytes = (elementCapacity as usize) << ELEMENT_SHIFT;
  const slotBytes = slotCount() << SLOT_SHIFT;
  moveUp(slots, elementBytes);
  slots += elementBytes;
  pieces += elementBytes;
  moveUp(pieces, slotBytes);
  pieces += slotBytes;
  elementCapacity <<= 1;
}

export function growPieces(): void {
  const bytes = (pieceCapacity as usize) << PIECE_SHIFT;
  moveUp(output, bytes);
  pieceCapacity <<= 1;
}

export function growOutput(bytes: usize): void {
  outputEnd += bytes;
  reserve();
}

/** Nothing is written yet, or no more than up to an address. */
export function noteOutput(end: usize): void {
  outputUsed = end;
}

/**
 * Moves everything from an address on, which takes the output with it in any case: of that what is written. What is only
 * reserved takes no memory before somebody touches it.
 */
function moveUp(from: usize, bytes: usize): void {
  const moved = outputUsed - from;
  output += bytes;
  outputEnd += bytes;
  outputUsed += bytes;
  reserve();
  memory.copy(from + bytes, from, moved);
}

function reserve(): void {
  const pages = (outputEnd + SPARE + PAGE - 1) / PAGE;
  const present = memory.size() as usize;
  // Memory that cannot grow ends the job; there is nothing sensible to do without it.
  if (pages > present && memory.grow((pages - present) as i32) < 0) unreachable();
}

/** Twice as many as elements, so that chains of taken ones stay short. */
export function slotCount(): usize {
  return (elementCapacity as usize) << 1;
}

export function elementAddress(index: u32): usize {
  return elements + ((index as usize) << ELEMENT_SHIFT);
}

export function pieceAddress(index: u32): usize {
  return pieces + ((index as usize) << PIECE_SHIFT);
}

export function slotAddress(index: usize): usize {
  return slots + (index << SLOT_SHIFT);
}

export function stackAddress(depth: u32): usize {
  return stack + ((depth as usize) << 2);
}
