import type { Draw } from './storm.ts';

/** What is not so yet after a change, by what was changed: it passes by being met. */
export class Spells {
  readonly #draw: Draw;
  readonly #about: string;
  readonly #most: number;
  readonly #left = new Map<string, number>();
  readonly #begun = new Map<string, number>();

  /** Each lasts up to `most` times. */
  constructor(draw: Draw, about: string, most: number) {
    this.#draw = draw;
    this.#about = about;
    this.#most = most;
  }

  /** Tells whether there is one; it may have passed before anybody met it. */
  begin(key: string): boolean {
    const begun = (this.#begun.get(key) ?? 0) + 1;
    this.#begun.set(key, begun);
    const times = Math.floor(this.#draw(this.#about, key, begun) * (this.#most + 1));
    this.#left.set(key, times);
    return times > 0;
  }

  /** Meets it: true as long as it lasts. */
  holds(key: string): boolean {
    const left = this.#left.get(key) ?? 0;
    if (left > 1) this.#left.set(key, left - 1);
    else this.#left.delete(key);
    return left > 0;
  }

  end(key: string): void {
    this.#left.delete(key);
  }
}
