import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the files of one run; gone when the run is over, also when the process is told to stop. */
export class WorkFolder implements Disposable {
  readonly #path = mkdtempSync(join(tmpdir(), 'feed-watcher-'));
  readonly #remove = (): void => rmSync(this.#path, { recursive: true, force: true, maxRetries: 3 });
  #files = 0;

  constructor() {
    process.once('exit', this.#remove);
  }

  /** The path of a file that is not there yet. */
  newFile(name: string): string {
    return join(this.#path, `${++this.#files}-${name}`);
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
