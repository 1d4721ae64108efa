import type { LeaseClock } from '../../scripts/aws/lease.ts';

/** Time that passes when it is told to; what is due runs then. */
export class LeaseTestClock implements LeaseClock {
  time = Date.UTC(2026, 10, 25, 12);
  readonly #work = new Set<() => Promise<void>>();

  now(): number {
    return this.time;
  }

  every(_milliseconds: number, work: () => Promise<void>): () => void {
    this.#work.add(work);
    return () => this.#work.delete(work);
  }

  /** Lets time pass, and resolves when the renewals that are due are over. */
  async tick(milliseconds: number): Promise<void> {
    this.time += milliseconds;
    await Promise.all([...this.#work].map((work) => work()));
  }
}
