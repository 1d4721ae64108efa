import type { WorkFolder } from '../../process/work-folder.ts';
import type { RecordConverter } from '../batches/record-object.ts';
import type { Findings } from '../kernel/findings.ts';
import { LargeMemory } from './large-memory.ts';
import { LargeRecord, type RecordPlace } from './large-record.ts';
import { PartConverter } from './part-converter.ts';

/** The large records of a document, one after the other; all use the same memory. */
export class LargeRecords implements Disposable {
  readonly #folder: WorkFolder;
  readonly #converter: RecordConverter;
  /** Made with the first of them: few feeds have any. */
  #memory: LargeMemory | undefined;
  #open: LargeRecord | 'skipped' | undefined;

  constructor(folder: WorkFolder, converter: RecordConverter) {
    this.#folder = folder;
    this.#converter = converter;
  }

  /** Whether what comes is part of one. */
  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  begin(place: RecordPlace, entities: ReadonlyMap<string, string>): void {
    const converter = new PartConverter(this.#converter, entities);
    this.#memory ??= new LargeMemory();
    this.#open = new LargeRecord(this.#folder, this.#memory, converter, place);
  }

  /** Begins one that nobody wants. */
  skip(): void {
    this.#open = 'skipped';
  }

  /** Takes a part, and gives the record where it was the last one, for the caller to let go of; not one that was skipped. */
  add(findings: Findings, index: number): LargeRecord | undefined {
    const record = this.#open === 'skipped' ? undefined : this.#open;
    const isTooLarge = findings.kind(index) === 'too large';
    if (!isTooLarge) record?.add(findings, index);
    if (!isTooLarge && !findings.endsRecord(index)) return undefined;
    this.#open = undefined;
    return record;
  }

  /** Lets go of one that has not come to its end. */
  [Symbol.dispose](): void {
    if (this.#open !== 'skipped') this.#open?.[Symbol.dispose]();
  }
}
