import { ContentFault, ContentKernel } from './content-kernel.ts';
import type { EntityReference, TextFindings } from './prolog/entity-table.ts';

const beginning = { line: 1, column: 1, offset: 0 };

/** Looks at texts that are to stand between tags: each must be well-formed in itself. */
export class EntityContent {
  #references: EntityReference[] = [];
  #kernel: ContentKernel | undefined;
  readonly #record: string;
  /** The element that a text is put into is no record itself. */
  readonly #wrapper: string;

  /** `record`: the name of the elements that are records. */
  constructor(record: string) {
    this.#record = record;
    this.#wrapper = record === 'entity' ? 'content' : 'entity';
  }

  lookAt(text: string): TextFindings {
    this.#references = [];
    this.#kernel ??= this.#newKernel();
    try {
      this.#kernel.startAt(beginning);
      // Within an element of its own: a text that ends it begins a second root, or ends one that is not there.
      this.#kernel.write(Buffer.from(`<${this.#wrapper}>${text}</${this.#wrapper}>`), []);
      this.#kernel.end([]);
      return { references: this.#references, holdsRecord: this.#kernel.boundsFound > 0 };
    } catch (error) {
      if (!(error instanceof ContentFault)) throw error;
      return { fault: error.message };
    }
  }

  #newKernel(): ContentKernel {
    return new ContentKernel(this.#record, ({ name, place }) => {
      this.#references.push({ name, place });
      return undefined;
    });
  }
}
