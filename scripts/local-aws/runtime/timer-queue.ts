/** What is to run when. */
interface PlannedRun {
  readonly time: number;
  readonly run: () => void;
}

/** Planned runs by time; those of the same time in the order in which they were added. */
export class TimerQueue {
  readonly #runs: PlannedRun[] = [];

  add(time: number, run: () => void): PlannedRun {
    const planned = { time, run };
    this.#runs.splice(this.#firstAfter(time), 0, planned);
    return planned;
  }

  delete(planned: PlannedRun): void {
    const index = this.#runs.indexOf(planned);
    if (index >= 0) this.#runs.splice(index, 1);
  }

  /** When the first is due. */
  next(): number | undefined {
    return this.#runs[0]?.time;
  }

  /** Removes and returns the first, if it is due at `time`. */
  takeDue(time: number): PlannedRun | undefined {
    const first = this.#runs[0];
    return first !== undefined && first.time <= time ? this.#runs.shift() : undefined;
  }

  #firstAfter(time: number): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#runs[middle]?.time ?? Number.POSITIVE_INFINITY) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
