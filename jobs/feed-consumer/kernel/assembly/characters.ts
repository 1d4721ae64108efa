export const TAB: u32 = 0x09;
export const LINE_FEED: u32 = 0x0a;
export const CARRIAGE_RETURN: u32 = 0x0d;
export const SPACE: u32 = 0x20;
export const EXCLAMATION: u32 = 0x21;
export const QUOTE: u32 = 0x22;
export const HASH: u32 = 0x23;
export const DOLLAR: u32 = 0x24;
export const AMPERSAND: u32 = 0x26;
export const APOSTROPHE: u32 = 0x27;
export const COMMA: u32 = 0x2c;
export const HYPHEN: u32 = 0x2d;
export const DOT: u32 = 0x2e;
export const SLASH: u32 = 0x2f;
export const ZERO: u32 = 0x30;
export const NINE: u32 = 0x39;
export const COLON: u32 = 0x3a;
export const SEMICOLON: u32 = 0x3b;
export const LESS: u32 = 0x3c;
export const EQUALS: u32 = 0x3d;
export const GREATER: u32 = 0x3e;
export const QUESTION: u32 = 0x3f;
export const OPENING_BRACKET: u32 = 0x5b;
export const BACKSLASH: u32 = 0x5c;
export const CLOSING_BRACKET: u32 = 0x5d;
export const UNDERSCORE: u32 = 0x5f;
export const OPENING_BRACE: u32 = 0x7b;
export const CLOSING_BRACE: u32 = 0x7d;

const IS_SPACE: u8 = 1;
const BEGINS_NAME: u8 = 2;

/** What each byte may be. Bytes of characters beyond ASCII count as parts of names, where XML allows nearly all of them. */
const classes = memory.data(256);

export function fillClasses(): void {
  for (let byte: u32 = 0; byte < 256; byte++) store<u8>(classes + byte, classOf(byte));
}

function classOf(byte: u32): u8 {
  if (byte === SPACE || byte === TAB || byte === LINE_FEED || byte === CARRIAGE_RETURN) return IS_SPACE;
  const letter = byte | 0x20;
  const beginsName = (letter >= 0x61 && letter <= 0x7a) || byte === UNDERSCORE || byte === COLON || byte >= 0x80;
  return beginsName ? BEGINS_NAME : 0;
}

export function byteAt(at: usize): u32 {
  return load<u8>(at);
}

export function isSpace(byte: u32): bool {
  return (load<u8>(classes + byte) & IS_SPACE) !== 0;
}

export function beginsName(byte: u32): bool {
  return (load<u8>(classes + byte) & BEGINS_NAME) !== 0;
}

/** What JavaScript's \s matches. xml2js asks it whether a text is blank, so there is more to it than XML's white space. */
export function isBlankCharacter(code: u32): bool {
  if (code <= SPACE) return code === SPACE || (code >= TAB && code <= CARRIAGE_RETURN);
  if (code < 0xa0) return false;
  if (code >= 0x2000 && code <= 0x200a) return true;
  switch (code) {
    case 0xa0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000:
    case 0xfeff:
      return true;
    default:
      return false;
  }
}
