import type { Aws } from './clients.ts';
import { isRefusal } from './errors.ts';

/** What AWS lists in pages of many: by name, or why it may not be listed. */
export interface Bulk<Item> {
  readonly byName: ReadonlyMap<string, Item>;
  readonly refused?: string;
}

export interface Pages<Page, Item> {
  /** `listing rules` */
  readonly doing: string;
  readonly pages: AsyncIterable<Page>;
  items(page: Page): readonly Item[] | undefined;
  nameOf(item: Item): string | undefined;
}

/**
 * Reads a listing to its end. Where AWS refuses to list, for want of a permission or because it is down, the answer says
 * so and is empty: what is named can still be read by itself.
 */
export async function inBulk<Page, Item>(
  { signal }: Aws,
  { doing, pages, items, nameOf }: Pages<Page, Item>,
): Promise<Bulk<Item>> {
  const byName = new Map<string, Item>();
  try {
    for await (const page of pages) {
      signal.throwIfAborted();
      for (const item of items(page) ?? []) byName.set(nameOf(item) ?? '', item);
    }
    return { byName };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { byName: new Map(), refused: `${doing}: ${error.name}: ${error.message}` };
  }
}

/** The pages of an operation for which the SDK has no paginator. */
export async function* pagesOf<Page>(
  ask: (token: string | undefined) => Promise<Page>,
  tokenAfter: (page: Page) => string | undefined,
): AsyncGenerator<Page, void> {
  let token: string | undefined;
  do {
    const page = await ask(token);
    yield page;
    token = tokenAfter(page);
  } while (token !== undefined);
}
