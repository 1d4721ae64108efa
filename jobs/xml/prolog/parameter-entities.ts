import { namePattern } from './cursor.ts';

/** As much text as all references to one parameter entity may come to, one in another. */
const mostGrowth = 1024 * 1024;
const deepestNesting = 100;

/** Comments, instructions, quoted texts and references, in which order they may hide each other. */
const part = new RegExp(`<!--[\\s\\S]*?-->|<\\?[\\s\\S]*?\\?>|"[^"]*"|'[^']*'|%(${namePattern});`, 'gu');
const referenceInLiteral = new RegExp(`%(${namePattern});`, 'gu');
const beforeEntityValue = new RegExp(`<!ENTITY\\s+(?:%\\s+)?(?:${namePattern}|%${namePattern};)\\s+$`, 'u');

/** Parameter entities by name: their text, or undefined for external ones, which are not read. */
export class ParameterEntities {
  readonly #texts = new Map<string, string | undefined>();

  /** The first declaration of a name binds. */
  declare(name: string, text: string | undefined): void {
    if (!this.#texts.has(name)) this.#texts.set(name, text);
  }

  has(name: string): boolean {
    return this.#texts.has(name);
  }

  /**
   * The text of an entity with all references to others replaced; undefined when it, or one that it refers to, is
   * external or not declared.
   */
  replacementOf(name: string, fail: (reason: string) => never): string | undefined {
    const expand = (of: string, within: readonly string[]): string | undefined => {
      const text = this.#texts.get(of);
      if (text === undefined) return undefined;
      if (within.includes(of)) return fail(`the parameter entity "${of}" refers to itself`);
      if (within.length === deepestNesting)
        return fail(`parameter entities are nested more than ${deepestNesting} deep`);
      return this.#expanded(text, (other) => expand(other, [...within, of]), fail);
    };
    return expand(name, []);
  }

  #expanded(
    text: string,
    expand: (name: string) => string | undefined,
    fail: (reason: string) => never,
  ): string | undefined {
    let isKnown = true;
    let growth = 0;
    const replacement = (name: string): string => {
      const found = expand(name);
      isKnown &&= found !== undefined;
      growth += found?.length ?? 0;
      if (growth > mostGrowth) fail(`parameter entities stand for more than ${mostGrowth} characters`);
      return found ?? '';
    };
    const result = text.replace(part, (whole: string, name: string | undefined, at: number) => {
      // Outside of quotes a replacement is set off by spaces: https://www.w3.org/TR/xml/#as-PE
      if (name !== undefined) return ` ${replacement(name)} `;
      const isEntityValue = /^["']/.test(whole) && beforeEntityValue.test(text.slice(0, at));
      return isEntityValue ? whole.replace(referenceInLiteral, (_, inner: string) => replacement(inner)) : whole;
    });
    return isKnown ? result : undefined;
  }
}
