/**
 * Finds the end of a document type declaration: https://www.w3.org/TR/xml/#NT-doctypedecl. What it declares is read by
 * the host. Each function gives the place behind what it has passed, or 0 where the input ends before.
 */
import {
  APOSTROPHE,
  byteAt,
  CLOSING_BRACKET,
  EXCLAMATION,
  GREATER,
  HYPHEN,
  LESS,
  OPENING_BRACKET,
  QUESTION,
  QUOTE,
} from './characters';
import { find } from './scan';

const BEYOND: usize = 0;

/** `from` lies behind `<!DOCTYPE`. */
export function passDoctype(from: usize, end: usize): usize {
  let at = from;
  while (at !== BEYOND && at < end) {
    const byte = byteAt(at);
    if (byte === GREATER) return at + 1;
    if (byte === OPENING_BRACKET) at = passSubset(at + 1, end);
    else at = passByteOrLiteral(at, end);
  }
  return BEYOND;
}

/** The internal subset, up to and with its `]`. */
function passSubset(from: usize, end: usize): usize {
  let at = from;
  while (at !== BEYOND && at < end) {
    const byte = byteAt(at);
    if (byte === CLOSING_BRACKET) return at + 1;
    at = byte === LESS ? passDeclaration(at, end) : at + 1;
  }
  return BEYOND;
}

function passDeclaration(from: usize, end: usize): usize {
  if (from + 4 > end) return BEYOND;
  if (byteAt(from + 1) === QUESTION) return passInstruction(from + 2, end);
  if (byteAt(from + 1) === EXCLAMATION && byteAt(from + 2) === HYPHEN) return passComment(from + 4, end);
  let at = from;
  while (at !== BEYOND && at < end) {
    if (byteAt(at) === GREATER) return at + 1;
    at = passByteOrLiteral(at, end);
  }
  return BEYOND;
}

/** Nothing within quotes has a meaning here. */
function passByteOrLiteral(at: usize, end: usize): usize {
  const byte = byteAt(at);
  if (byte !== QUOTE && byte !== APOSTROPHE) return at + 1;
  const closing = find(at + 1, end, byte);
  return closing === end ? BEYOND : closing + 1;
}

function passInstruction(from: usize, end: usize): usize {
  for (let at = find(from, end, QUESTION); at + 1 < end; at = find(at + 1, end, QUESTION))
    if (byteAt(at + 1) === GREATER) return at + 2;
  return BEYOND;
}

function passComment(from: usize, end: usize): usize {
  for (let at = find(from, end, HYPHEN); at + 2 < end; at = find(at + 1, end, HYPHEN))
    if (byteAt(at + 1) === HYPHEN && byteAt(at + 2) === GREATER) return at + 3;
  return BEYOND;
}
