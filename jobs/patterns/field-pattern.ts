import { RE2JS } from 're2js';
import { JobError, reasonOf } from '../process/job-error.ts';
import { allBut, charactersOf, classOf, type Range } from './pattern-classes.ts';

/** A pattern is no regular expression, or none that can be matched in linear time. */
export class PatternError extends JobError {
  override name = 'PatternError';
}

/** Whether a pattern matches somewhere in a text. */
export interface FieldPattern {
  readonly source: string;
  test(text: string): boolean;
}

/**
 * Compiles a regular expression of JavaScript with the flag `u` for an engine whose time is proportional to the text:
 * that of V8 may take for ever for a text of 40 characters, in which no signal is heard. What the two would read in
 * different ways is written out in code points, so that the answers are those of V8. Throws PatternError.
 */
export function fieldPattern(source: string): FieldPattern {
  try {
    new RegExp(source, 'u');
  } catch (error) {
    throw new PatternError(`is no regular expression: ${reasonOf(error)}`);
  }
  const written = new Translation(source).written();
  try {
    const compiled = RE2JS.compile(written);
    return { source, test: (text) => compiled.test(text) };
  } catch (error) {
    // Behind its reason it shows what it was given, which is not what was asked for.
    const reason = reasonOf(error).replace(/^error parsing regexp: |: `.*$/gs, '');
    throw new PatternError(
      `is too much for matching in linear time (${reason}): it may count 1,000 repetitions at most, nested ones multiplied`,
    );
  }
}

/** Why a pattern cannot be used; `undefined`: it can. */
export function whyNoPattern(source: string): string | undefined {
  try {
    fieldPattern(source);
    return undefined;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

/** Groups that are not needed for whether a text matches: `(?:…)`, `(?<name>…)` and `(…)` come to the same. */
const plainGroup = /\((?:\?:|\?<(?![=!])[^>]*>|(?!\?))/uy;
const lookaround = /\(\?<?[=!]/uy;
const backReference = /\\(?:[1-9]|k<)/uy;
const escapeOfSeveral = /\\[dDsSwW]|\\[pP]\{[^}]*\}/uy;
const codePoint = /\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|c([a-zA-Z]))/uy;
const surrogatePair = /\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/uy;
/** `b` is a boundary where it stands in no class. */
const controls: ReadonlyMap<string, number> = new Map([
  ['t', 0x09],
  ['n', 0x0a],
  ['v', 0x0b],
  ['f', 0x0c],
  ['r', 0x0d],
  ['0', 0x00],
  ['b', 0x08],
]);

/** Reads a pattern that V8 takes, and writes it for RE2. */
class Translation {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  written(): string {
    let text = '';
    while (this.#at < this.#source.length) text += this.#next();
    return text;
  }

  #next(): string {
    if (this.#found(plainGroup) !== undefined) return '(?:';
    if (this.#found(lookaround) !== undefined) throw this.#refused('looks ahead or behind', notLinear);
    if (this.#found(/\(\?[a-z-]/uy) !== undefined)
      throw this.#refused('changes the flags of a part', 'which is not possible here');
    if (this.#found(backReference) !== undefined) throw this.#refused('refers back to a group', notLinear);
    if (this.#found(/\\b/uy) !== undefined) return '\\b';
    if (this.#found(/\\B/uy) !== undefined) return '\\B';
    if (this.#found(/\^/uy) !== undefined) return '\\A';
    if (this.#found(/\$/uy) !== undefined) return '\\z';
    if (this.#found(/\./uy) !== undefined) return classOf(charactersOf('.'));
    if (this.#found(/\[/uy) !== undefined) return this.#class();
    // Quantifiers and alternatives, and the ends of groups, are written in the same way.
    const same = this.#found(/[|)*+?]|\{[\d,]+\}/uy);
    return same?.[0] ?? classOf(this.#atom());
  }

  /** From behind its bracket on. */
  #class(): string {
    const isNegated = this.#found(/\^/uy) !== undefined;
    const ranges: Range[] = [];
    while (this.#found(/\]/uy) === undefined) {
      const begin = this.#atom();
      const end = this.#found(/-(?!\])/uy) === undefined ? undefined : this.#atom();
      const [[from, to] = [0, 0]] = begin;
      if (end === undefined) ranges.push(...begin);
      // V8 lets single characters alone stand around the hyphen.
      else ranges.push([from, end[0]?.[1] ?? to]);
    }
    return classOf(isNegated ? allBut(ranges) : ranges);
  }

  /** A character, as itself or escaped, or an escape that means several. */
  #atom(): readonly Range[] {
    const several = this.#found(escapeOfSeveral);
    if (several !== undefined) return charactersOf(several[0]);
    const pair = this.#found(surrogatePair);
    if (pair !== undefined) return single(String.fromCharCode(hex(pair[1]), hex(pair[2])).codePointAt(0));
    const code = this.#found(codePoint);
    if (code !== undefined)
      return single(code[4] === undefined ? hex(code[1] ?? code[2] ?? code[3]) : (code[4].codePointAt(0) ?? 0) % 32);
    const control = this.#found(/\\([tnvfr0b])/uy)?.[1];
    if (control !== undefined) return single(controls.get(control));
    return single(this.#found(/\\?(.)/suy)?.[1]?.codePointAt(0));
  }

  /** What stands here, and goes on behind it. */
  #found(what: RegExp): RegExpExecArray | undefined {
    what.lastIndex = this.#at;
    const found = what.exec(this.#source) ?? undefined;
    if (found !== undefined) this.#at += found[0].length;
    return found;
  }

  #refused(does: string, why: string): PatternError {
    return new PatternError(`${does} ("${this.#source.slice(0, this.#at)}…"), ${why}; say it in another way`);
  }
}

const notLinear = 'which cannot be matched in linear time';
const hex = (digits = ''): number => Number.parseInt(digits, 16);
const single = (code = 0): readonly Range[] => [[code, code]];
