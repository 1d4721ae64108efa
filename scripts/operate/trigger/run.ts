import type { OpenEnvironment } from '../../control/environment.ts';
import type { CommonFlags } from '../../control/options.ts';
import type { Clock } from '../clock.ts';
import type { Display } from '../display.ts';
import type { Stops } from '../stops.ts';
import type { Story } from './story.ts';

export interface TriggerFlags extends CommonFlags {
  readonly set: Readonly<Record<string, string>>;
  readonly param: Readonly<Record<string, string>>;
  readonly queue?: string;
  readonly share?: string;
  readonly name?: string;
  readonly array?: number;
  readonly wait: boolean;
  /** Seconds. */
  readonly timeout?: number;
  readonly json?: boolean;
  readonly summary?: string;
  /** Ids of jobs that are there already. */
  readonly follow?: string;
  readonly stop?: string;
}

/** What a test has of its own. */
export interface Surroundings {
  readonly clock: Clock;
  readonly stops: () => Stops;
  /** What somebody answers; `undefined` where nobody is there. */
  readonly ask: (question: string) => Promise<string | undefined>;
}

/** The one job that a command is about. */
export interface Run {
  readonly environment: OpenEnvironment;
  readonly flags: TriggerFlags;
  readonly around: Surroundings;
  readonly story: Story;
  readonly display: Display;
  readonly stops: Stops;
}

const again = ({ flags }: Run, what: string): string => {
  const config = flags.config === 'config' ? '' : ` --config ${flags.config}`;
  return `npm run trigger -- --environment ${flags.environment}${config} ${what}`;
};

/** What somebody can do with a job that goes on. */
export const howToGoOn = (run: Run, id: string): string[] => [
  `to follow it: ${again(run, `--follow ${id}`)}`,
  `to stop it:   ${again(run, `--stop ${id}`)}`,
];
