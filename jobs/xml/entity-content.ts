import { ContentFault, ContentKernel } from './content-kernel.ts';
import type { EntityReference, TextFindings } from './prolog/entity-table.ts';

/** No element has this name, so nothing in an entity is a record. */
const noRecord = '/';

const beginning = { line: 1, column: 1, offset: 0 };

/** Looks at texts that are to stand between tags: each must be well-formed in itself. */
export class EntityContent {
  #references: EntityReference[] = [];
  #kernel: ContentKernel | undefined;

  lookAt(text: string): TextFindings {
    this.#references = [];
    this.#kernel ??= this.#newKernel();
    try {
      this.#kernel.startAt(beginning);
      // Within an element of its own: a text that ends it begins a second root, or ends one that is not there.
      this.#kernel.write(Buffer.from(`<entity>${text}</entity>`), []);
      this.#kernel.end([]);
      return { references: this.#references };
    } catch (error) {
      if (!(error instanceof ContentFault)) throw error;
      return { fault: error.message };
    }
  }

  #newKernel(): ContentKernel {
    return new ContentKernel(noRecord, ({ name, place }) => {
      this.#references.push({ name, place });
      return undefined;
    });
  }
}
