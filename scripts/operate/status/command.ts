import type { OpenEnvironment } from '../../control/environment.ts';
import type { CommonFlags } from '../../control/options.ts';
import { saying } from '../../control/reading.ts';
import { withEnvironment } from '../../control/session.ts';
import { reasonOf } from '../../reconcile/errors.ts';
import { type Clock, realClock } from '../clock.ts';
import { displayOn } from '../display.ts';
import { passes } from '../passing.ts';
import { listenForStops, type Stops } from '../stops.ts';
import { operating } from '../trouble.ts';
import { clockText } from '../wording.ts';
import { statusDocument } from './document.ts';
import { renderStatus } from './render.ts';
import { type Status, statusOf } from './status.ts';

export interface StatusFlags extends CommonFlags {
  readonly last: number;
  readonly json?: boolean;
  readonly watch?: boolean;
}

/** Milliseconds from one picture to the next. */
const between = 10_000;
const betweenEmbedded = 1_000;

/** What a test has of its own. */
export interface StatusSurroundings {
  readonly clock: Clock;
  readonly stops: () => Stops;
  /** The zone of local times. */
  readonly zone: string;
}

const surroundings = (): StatusSurroundings => ({
  clock: realClock,
  stops: listenForStops,
  // What a machine without a zone of its own has is UTC by another name.
  zone: Intl.DateTimeFormat()
    .resolvedOptions()
    .timeZone.replace(/^Etc\/(UTC|UCT|GMT|Zulu|Universal)$/, 'UTC'),
});

const seen = (environment: OpenEnvironment, { last }: StatusFlags, { clock }: StatusSurroundings): Promise<Status> =>
  statusOf(environment, last, new Date(clock.now()));

async function show(environment: OpenEnvironment, flags: StatusFlags, around: StatusSurroundings): Promise<void> {
  const status = await saying('asking AWS', seen(environment, flags, around));
  using display = displayOn(process.stdout);
  const text = flags.json
    ? JSON.stringify(statusDocument(status), null, 2)
    : renderStatus(status, environment.loaded.site, around.zone, display.paint);
  display.line(text);
}

/** What there is to see, or why there is nothing, where that passes by itself. */
async function seenOrTrouble(
  environment: OpenEnvironment,
  flags: StatusFlags,
  around: StatusSurroundings,
): Promise<Status | string> {
  try {
    return await seen(environment, flags, around);
  } catch (error) {
    if (!passes(error)) throw error;
    return `${clockText(around.clock.now())}  ${reasonOf(error)}; looking again`;
  }
}

/** One picture after the other: each in the place of the one before it in a terminal, else below it. */
async function watch(environment: OpenEnvironment, flags: StatusFlags, around: StatusSurroundings): Promise<void> {
  using stops = around.stops();
  using display = displayOn(process.stdout);
  const { aws, loaded } = environment;
  let picture = '';
  while (!stops.signal.aborted) {
    const status = await seenOrTrouble(environment, flags, around);
    if (typeof status === 'string') {
      if (display.live) display.frame(`${picture}\n\n${status}`);
      else console.error(status);
    } else if (flags.json) display.line(JSON.stringify(statusDocument(status)));
    else {
      picture = renderStatus(status, loaded.site, around.zone, display.paint);
      if (display.live) display.frame(picture);
      else display.line(`${picture}\n`);
    }
    await around.clock.wait(aws.embedded ? betweenEmbedded : between, stops.signal);
  }
  // A frame goes; what was seen last stays.
  if (display.live && picture !== '') display.line(picture);
}

const deaf = () => ({ signal: new AbortController().signal, [Symbol.dispose]: () => {} });

/** Shows how an environment is: once, or until Ctrl-C. Changes nothing. */
export async function status(flags: StatusFlags, around: StatusSurroundings = surroundings()): Promise<void> {
  const look = flags.watch ? watch : show;
  const work = (environment: OpenEnvironment): Promise<void> =>
    operating(environment, `reading how ${environment.owner} is`, look(environment, flags, around));
  await (flags.watch ? withEnvironment(flags, work, deaf) : withEnvironment(flags, work));
}
