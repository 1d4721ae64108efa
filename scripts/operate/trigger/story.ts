import type { JobStatus } from '@aws-sdk/client-batch';
import type { Display, Style } from '../display.ts';
import { clockText, spanText } from '../wording.ts';
import { childText } from './outcome.ts';
import type { Tell, Told } from './told.ts';

/** Of the children of an array that fail, so many are told one by one. */
const mostChildren = 20;

const styles: Readonly<Partial<Record<JobStatus, Style>>> = {
  RUNNING: 'cyan',
  SUCCEEDED: 'green',
  FAILED: 'red',
};

/** What happens to a job, as it happens: times are in UTC. */
export interface Story {
  readonly tell: Tell;
  /** What is going on right now, below the lines; for a terminal. */
  show(now: number): void;
}

export function storyOn(display: Display): Story {
  const { line, paint } = display;
  let state: Extract<Told, { type: 'state' }> | undefined;
  let note = '';
  let children = 0;

  const at = (time: number, text: string): void => line(`${paint('dim', clockText(time))}  ${text}`);

  const tellState = (told: Extract<Told, { type: 'state' }>): void => {
    const { status, before } = told;
    state = told;
    note = '';
    // The last line says how it ended.
    if (status === 'SUCCEEDED' || status === 'FAILED') return;
    const lasted = before === undefined ? '' : `  ${paint('dim', `after ${spanText(before.lasted)} ${before.status}`)}`;
    at(told.at, `${paint(styles[status] ?? 'bold', status.padEnd(9))}${lasted}`.trimEnd());
  };

  const tellChild = ({ at: time, child }: Extract<Told, { type: 'child' }>): void => {
    children += 1;
    if (children <= mostChildren) at(time, paint('red', childText(child)));
    else if (children === mostChildren + 1) at(time, 'more children failed; the end says how many');
  };

  const tellAttempt = ({ at: time, attempt, of }: Extract<Told, { type: 'attempt' }>): void => {
    const { number, exitCode, reason } = attempt;
    const code = exitCode === undefined ? 'never started' : `ended with exit code ${exitCode}`;
    at(time, paint('yellow', `attempt ${number} of ${of} ${code}: ${reason}; it is tried again`));
  };

  const tellChildren = ({ at: time, children: of }: Extract<Told, { type: 'children' }>): void => {
    const { SUCCEEDED: succeeded = 0, FAILED: failed = 0, RUNNING: running = 0 } = of.byStatus;
    note = `${succeeded + failed}/${of.size} children done, ${running} running${failed > 0 ? `, ${failed} failed` : ''}`;
    at(time, note);
  };

  const tell = (told: Told): void => {
    switch (told.type) {
      case 'state':
        tellState(told);
        break;
      case 'waiting':
        note = told.why.join('; ');
        at(told.at, `still waiting: ${note}`);
        break;
      case 'line':
        line(`${paint('dim', `${told.label}│`)} ${told.line}`);
        break;
      case 'attempt':
        tellAttempt(told);
        break;
      case 'children':
        tellChildren(told);
        break;
      case 'child':
        tellChild(told);
        break;
      case 'trouble':
        at(told.at, paint('yellow', `${told.reason}; the job goes on, and so does following it`));
        break;
      default:
        told satisfies never;
    }
  };

  return {
    tell,
    show: (now) => {
      if (state === undefined) return;
      const since = `${state.status} for ${spanText(now - state.at)}`;
      display.frame(paint('dim', note === '' ? since : `${since}; ${note}`));
    },
  };
}
