import {
  afterSpace,
  ampersand,
  byteAt,
  doubleQuote,
  equals,
  greaterThan,
  lessThan,
  nextStopOrQuote,
  oddCharacter,
  sameBytes,
  singleQuote,
  slash,
} from './characters';
import { closeElement, hasRoot, innermostName, innermostNameLength, openDepth, openElement } from './elements';
import {
  endTagWithoutStart,
  equalsExpected,
  lessThanInValue,
  quoteExpected,
  secondRoot,
  strayInEndTag,
  strayInTag,
  tooManyAttributes,
  twiceAttribute,
  wrongEndTag,
} from './faults';
import { attributeSize, attributes, mostAttributes } from './layout';
import { name } from './names';
import { reference } from './references';
import { stop, unread } from './stop';

/** Attributes of the tag that is being read. */
let attributeCount: u32 = 0;

export function startTag(at: usize, to: usize): usize {
  if (openDepth() === 0 && hasRoot()) return stop(secondRoot, at);
  const begin = at + 1;
  const nameEnd = name(begin, to);
  attributeCount = 0;
  let next = nameEnd;
  while (next !== unread) {
    const inner = afterSpace(next, to);
    if (inner >= to) return unread;
    const byte = byteAt(inner);
    if (byte === greaterThan) return openElement(at, begin, nameEnd - begin, inner + 1);
    if (byte === slash) return emptyElement(at, nameEnd, inner, to);
    next = inner === next ? stop(strayInTag, inner) : attribute(inner, to);
  }
  return unread;
}

/** Ends a start tag at its slash. */
function emptyElement(at: usize, nameEnd: usize, end: usize, to: usize): usize {
  if (end + 1 >= to) return unread;
  if (byteAt(end + 1) !== greaterThan) return stop(strayInTag, end);
  const next = openElement(at, at + 1, nameEnd - at - 1, end + 2);
  return next === unread ? unread : closeElement(next);
}

function attribute(at: usize, to: usize): usize {
  const nameEnd = name(at, to);
  if (nameEnd === unread || !addAttribute(at, nameEnd - at)) return unread;
  const sign = afterSpace(nameEnd, to);
  if (sign >= to) return unread;
  if (byteAt(sign) !== equals) return stop(equalsExpected, sign);
  const begin = afterSpace(sign + 1, to);
  if (begin >= to) return unread;
  const quote = byteAt(begin);
  return quote === doubleQuote || quote === singleQuote ? value(begin + 1, to, quote) : stop(quoteExpected, begin);
}

/** false when the tag has one of this name already, or too many. */
function addAttribute(at: usize, length: usize): bool {
  const end: usize = attributes + attributeCount * attributeSize;
  for (let other: usize = attributes; other < end; other += attributeSize)
    if (<usize>load<u32>(other, 4) === length && sameBytes(load<u32>(other), at, length))
      return !!stop(twiceAttribute, at);
  if (attributeCount === mostAttributes) return !!stop(tooManyAttributes, at);
  store<u32>(end, <u32>at);
  store<u32>(end, <u32>length, 4);
  attributeCount++;
  return true;
}

/** Reads the value of an attribute and the quote behind it. */
function value(from: usize, to: usize, quote: u32): usize {
  let at = from;
  while (at !== unread) {
    at = nextStopOrQuote(at, to, quote);
    if (at >= to) return unread;
    const byte = byteAt(at);
    if (byte === quote) return at + 1;
    if (byte === lessThan) return stop(lessThanInValue, at);
    at = byte === ampersand ? reference(at, to, true) : oddCharacter(at, to);
  }
  return unread;
}

export function endTag(at: usize, to: usize): usize {
  if (openDepth() === 0) return stop(endTagWithoutStart, at);
  const begin = at + 2;
  const length = innermostNameLength();
  const behind = begin + length;
  // Nearly every end tag is the expected one and ends behind its name.
  if (behind < to && byteAt(behind) === greaterThan && sameBytes(begin, innermostName(), length))
    return closeElement(behind + 1);
  const nameEnd = name(begin, to);
  if (nameEnd === unread) return unread;
  if (nameEnd !== behind || !sameBytes(begin, innermostName(), length)) return stop(wrongEndTag, at);
  const end = afterSpace(nameEnd, to);
  if (end >= to) return unread;
  return byteAt(end) === greaterThan ? closeElement(end + 1) : stop(strayInEndTag, end);
}
