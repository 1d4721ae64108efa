import { faultOfReferences, referencesIn } from './references.ts';

/** A few entities that refer to each other can stand for gigabytes: UTF-16 code units that one may stand for. */
export const mostGrowth = 1024 * 1024;

/** Entities that stand in entities that stand in entities. */
const deepestNesting = 100;

export type Entity =
  | { readonly kind: 'internal'; readonly text: string }
  | { readonly kind: 'external' }
  | { readonly kind: 'unparsed' };

/** Where a reference stands: in the value of an attribute, or between tags. */
export type Place = 'value' | 'content';

/** What an entity's use comes to: how much text it stands for, and whether a record lies in that; or why it may not be used. */
export type Use = { readonly growth: number; readonly holdsRecord: boolean } | { readonly refusal: string };

export interface EntityReference {
  readonly name: string;
  readonly place: Place;
}

/** What is wrong with a text, its references to entities apart, and these; and whether a record begins in it. */
export type TextFindings =
  | { readonly fault: string }
  | { readonly references: readonly EntityReference[]; readonly holdsRecord: boolean };

/** https://www.w3.org/TR/xml/#sec-predefined-ent */
export const predefined: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** What an entity stands for that is never read. */
const nothing: Use = { growth: 0, holdsRecord: false };

/** The general entities that a document declares, and what comes of referring to them. Nothing is ever expanded. */
export class EntityTable {
  readonly #entities = new Map<string, Entity>();
  readonly #uses = new Map<string, Use>();
  readonly #lookAtContent: (text: string) => TextFindings;
  /** Whether there may be declarations that were not read, so that an unknown entity is no fault. */
  isIncomplete = false;

  /** `lookAtContent` looks at a text that is to stand between tags. */
  constructor(lookAtContent: (text: string) => TextFindings) {
    this.#lookAtContent = lookAtContent;
  }

  /** What the internal ones stand for, by name, with references to others as they are. */
  get texts(): ReadonlyMap<string, string> {
    const found = [...this.#entities].flatMap(([name, entity]) =>
      entity.kind === 'internal' ? [[name, entity.text] as const] : [],
    );
    return new Map(found);
  }

  /** Forgets all declarations. */
  clear(): void {
    this.#entities.clear();
    this.#uses.clear();
    this.isIncomplete = false;
  }

  /** The first declaration of a name binds: https://www.w3.org/TR/xml/#sec-entity-decl. Gives what is wrong with it. */
  declare(name: string, entity: Entity): string | undefined {
    const character = predefined.get(name);
    if (character !== undefined) return isAlike(entity, character) ? undefined : `"${name}" can stand for nothing else`;
    if (!this.#entities.has(name)) this.#entities.set(name, entity);
    return undefined;
  }

  use(name: string, place: Place, within: readonly string[] = []): Use {
    const key = `${place} ${name}`;
    const known = this.#uses.get(key);
    if (known !== undefined) return known;
    const use = this.#judge(name, place, within);
    // Which entities a refusal speaks of depends on where it was met.
    if ('growth' in use || within.length === 0) this.#uses.set(key, use);
    return use;
  }

  #judge(name: string, place: Place, within: readonly string[]): Use {
    if (predefined.has(name)) return { growth: 1, holdsRecord: false };
    const entity = this.#entities.get(name);
    if (entity === undefined) return this.isIncomplete ? nothing : { refusal: `the entity "${name}" is not declared` };
    if (within.includes(name)) return { refusal: `the entity "${name}" refers to itself` };
    if (within.length === deepestNesting) return { refusal: `entities are nested more than ${deepestNesting} deep` };
    switch (entity.kind) {
      case 'unparsed':
        return { refusal: `the entity "${name}" is no text` };
      case 'external':
        return place === 'value' ? { refusal: `the entity "${name}" is external` } : nothing;
      case 'internal':
        return this.#judgeText(entity.text, name, place, [...within, name]);
      default:
        return entity satisfies never;
    }
  }

  #judgeText(text: string, name: string, place: Place, within: readonly string[]): Use {
    const findings = place === 'content' ? this.#lookAtContent(text) : lookAtValue(text);
    if ('fault' in findings) return { refusal: `the entity "${name}" does not fit here: ${findings.fault}` };
    let { length: growth } = text;
    let { holdsRecord } = findings;
    for (const reference of findings.references) {
      const use = this.use(reference.name, reference.place, within);
      if ('refusal' in use) return use;
      growth += use.growth;
      holdsRecord ||= use.holdsRecord;
      if (growth > mostGrowth) return { refusal: `the entity "${name}" stands for more than ${mostGrowth} characters` };
    }
    return { growth, holdsRecord };
  }
}

/** The only texts that may be declared for an entity that needs no declaration. */
function isAlike(entity: Entity, character: string): boolean {
  if (entity.kind !== 'internal') return false;
  if (entity.text === character) return character !== '<' && character !== '&';
  const [only, more] = referencesIn(entity.text);
  const isOne = only?.kind === 'character' && more === undefined && only.length === entity.text.length;
  return isOne && String.fromCodePoint(only.point) === character;
}

/** Looks at a text that is to stand in the value of an attribute. */
function lookAtValue(text: string): TextFindings {
  if (text.includes('<')) return { fault: 'it holds a "<"' };
  const fault = faultOfReferences(text);
  if (fault !== undefined) return { fault: `it holds ${fault.reason}` };
  const references = [...referencesIn(text)].flatMap((found): EntityReference[] =>
    found.kind === 'entity' ? [{ name: found.name, place: 'value' }] : [],
  );
  return { references, holdsRecord: false };
}
