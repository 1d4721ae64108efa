import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobError, reasonOf } from './job-error.ts';

/** A folder for the files of one run, made with the first of them; gone when the run is over, also when the process is told to stop. */
export class WorkFolder implements Disposable {
  readonly #owner: string;
  #path: string | undefined;
  readonly #remove = (): void => {
    if (this.#path !== undefined) rmSync(this.#path, { recursive: true, force: true, maxRetries: 3 });
  };
  #files = 0;

  /** `owner`: what its name begins with, for who finds one that a kill left. */
  constructor(owner: string) {
    this.#owner = owner;
    process.once('exit', this.#remove);
  }

  /** The path of a file that is not there yet. Throws JobError where the job may not write. */
  newFile(name: string): string {
    this.#path ??= this.#made();
    return join(this.#path, `${++this.#files}-${name}`);
  }

  #made(): string {
    try {
      return mkdtempSync(join(tmpdir(), `${this.#owner}-`));
    } catch (error) {
      throw new JobError(
        `making a folder for the job's files in ${tmpdir()}: ${reasonOf(error)}; let TMPDIR name one that the job may write to`,
      );
    }
  }

  /** Removes a file that is no longer needed. */
  remove(path: string): void {
    rmSync(path);
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#remove);
    this.#remove();
  }
}
