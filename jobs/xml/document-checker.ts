import { ContentFault, ContentKernel, type LocatedReference } from './content-kernel.ts';
import { EntityContent } from './entity-content.ts';
import { FeedError, type Position } from './feed-error.ts';
import { EntityTable, mostGrowth } from './prolog/entity-table.ts';
import { PrologReader, type RootBeginning } from './prolog/prolog-reader.ts';
import { Utf8Source } from './utf8-source.ts';

/** A part of a document as UTF-8, and the bounds of records that were found when it came. */
export interface CheckedPart {
  readonly utf8: Uint8Array;
  /**
   * Where records begin (at their `<`) and end (behind their last `>`), by turns, in bytes of UTF-8 from the document's
   * start. They may lie in earlier parts: a tag is only known when it is whole.
   */
  readonly bounds: readonly number[];
}

/**
 * Checks a whole XML document as its bytes pass, in whatever encoding: that it is well-formed (XML 1.0, fifth edition,
 * without namespaces) and keeps within limits. It finds its records on the way: the elements of one name. A record inside
 * a record belongs to the outer one. A name without a colon also means elements that have it behind a prefix. Entities
 * are never expanded, external ones never fetched. The verdict and its place do not depend on how the bytes are cut.
 */
export class DocumentChecker {
  readonly #source = new Utf8Source(() => this.#flush());
  readonly #record: string;
  readonly #entities: EntityTable;
  readonly #content: ContentKernel;
  /** undefined when the root has begun. */
  #prolog: PrologReader | undefined;
  #bounds: number[] = [];
  /** What the references in the record that is open stand for. */
  #growth = { boundsBefore: 0, characters: 0 };
  /** Where the latest reference is that was counted. */
  #judgedTo = 0;

  constructor(record: string) {
    const entityContent = new EntityContent(record);
    this.#record = record;
    this.#entities = new EntityTable((text) => entityContent.lookAt(text));
    this.#prolog = new PrologReader(this.#entities);
    this.#content = new ContentKernel(record, (reference) => this.#judge(reference));
  }

  /** Records that have ended. */
  get records(): number {
    return Math.floor(this.#content.boundsFound / 2);
  }

  /** Bytes of UTF-8, from the document's start, that are checked: all bounds before this one have been told. */
  get checked(): number {
    return this.#prolog === undefined ? this.#content.offset : 0;
  }

  /** Throws FeedError with the place where the document is not what it must be. */
  write(bytes: Uint8Array): readonly CheckedPart[] {
    return this.#parts(this.#source.write(bytes));
  }

  /** The rest. Throws FeedError, also when the document has not come to its end. */
  end(): readonly CheckedPart[] {
    const parts = this.#parts(this.#source.end());
    const root = this.#prolog?.flush(true);
    if (root !== undefined) this.#begin(root);
    refusing(() => this.#content.end(this.#bounds));
    return [...parts, this.#part(none)];
  }

  #parts(texts: Iterable<Uint8Array>): CheckedPart[] {
    const parts: CheckedPart[] = [];
    for (const utf8 of texts) {
      this.#take(utf8);
      parts.push(this.#part(utf8));
    }
    return parts;
  }

  #take(utf8: Uint8Array): void {
    const root = this.#prolog?.write(utf8);
    if (root !== undefined) this.#begin(root);
    else if (this.#prolog === undefined) refusing(() => this.#content.write(utf8, this.#bounds));
  }

  #begin({ position, bytes }: RootBeginning): void {
    this.#prolog = undefined;
    this.#content.startAt(position);
    refusing(() => this.#content.write(bytes, this.#bounds));
  }

  /** Checks all that has come, so that a fault in it is found before one that follows it, and tells where it ends. */
  #flush(): Position {
    if (this.#prolog !== undefined) {
      const { position } = this.#prolog;
      const root = this.#prolog.flush(false);
      if (root === undefined) return position;
      this.#begin(root);
    }
    return refusing(() => this.#content.flush(this.#bounds));
  }

  #part(utf8: Uint8Array): CheckedPart {
    const bounds = this.#bounds;
    this.#bounds = [];
    return { utf8, bounds };
  }

  #judge({ name, place, offset, boundsBefore }: LocatedReference): string | undefined {
    const use = this.#entities.use(name, place);
    if ('refusal' in use) return use.refusal;
    const isInRecord = boundsBefore % 2 === 1;
    // Outside of records nothing is ever made of entities: what they hold would be lost without a word.
    if (!isInRecord && use.holdsRecord)
      return `the entity "${name}" holds <${this.#record}>, and outside of one no entity is expanded`;
    // A tag that was cut off is read again, with the references in it.
    if (!isInRecord || offset <= this.#judgedTo) return undefined;
    this.#judgedTo = offset;
    const characters = use.growth + (this.#growth.boundsBefore === boundsBefore ? this.#growth.characters : 0);
    this.#growth = { boundsBefore, characters };
    return characters > mostGrowth ? `entities add more than ${mostGrowth} characters to one record` : undefined;
  }
}

const none = new Uint8Array(0);

function refusing<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ContentFault)) throw error;
    throw new FeedError(`it is not well-formed XML, ${error.message}`, error.position);
  }
}
