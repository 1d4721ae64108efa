import { createLogUpdate } from 'log-update';
import type { Progress } from '../reconcile/apply.ts';
import type { Change } from '../reconcile/change.ts';
import { renderProgress } from '../reconcile/render/report.ts';

/** Shows an apply while it works; `end` leaves the lines of what is over. */
export interface ProgressDisplay {
  report(progress: Progress): void;
  end(): void;
}

/** Where it is shown; only a terminal has `isTTY`. */
type Terminal = NodeJS.WritableStream & { readonly isTTY?: boolean };

/**
 * Not for terminals: one line for each thing that happens, but beginnings, which their ends repeat. What is still waited
 * for is said once.
 */
function plainDisplay(stream: Terminal): ProgressDisplay {
  const last = new Map<Change, string>();
  const report = (progress: Progress): void => {
    const line = renderProgress(progress);
    if (progress.type === 'started' || last.get(progress.change) === line) return;
    last.set(progress.change, line);
    stream.write(`${line}\n`);
  };
  return { report, end: () => {} };
}

/** What is over scrolls up; what is under way stands below it, each with what it waits for. */
function liveDisplay(stream: Terminal): ProgressDisplay {
  const update = createLogUpdate(stream);
  const underWay = new Map<Change, string>();
  const report = (progress: Progress): void => {
    const line = renderProgress(progress);
    if (progress.type === 'started' || progress.type === 'waiting') underWay.set(progress.change, line);
    else {
      underWay.delete(progress.change);
      update.clear();
      stream.write(`${line}\n`);
    }
    update([...underWay.values()].join('\n'));
  };
  return { report, end: () => update.clear() };
}

export const progressOn = (stream: Terminal): ProgressDisplay =>
  stream.isTTY ? liveDisplay(stream) : plainDisplay(stream);
