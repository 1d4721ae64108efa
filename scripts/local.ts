/**
 * npm start            the pipeline through three days, on the embedded AWS
 * npm run local        the same system on the real clock, until Ctrl-C
 *
 * Exit codes: 0 everything went as promised, 1 something failed.
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { failureText } from './control/failure.ts';
import { stageOn } from './local/stage.ts';
import { start } from './local/start.ts';
import type { System } from './local/system.ts';
import { renderHowTo, type UpOptions, up } from './local/up.ts';

interface StartFlags {
  readonly feed?: string;
  readonly recordTag?: string;
  readonly type?: string;
  readonly output: string;
  readonly json?: boolean;
  readonly keep?: boolean;
}

/** Resolves at the first Ctrl-C, or when the process is asked to end. */
const interrupted = (): Promise<unknown> => Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);

/** Ctrl-C in the middle: everything that the system runs ends first, then this process as Ctrl-C ends one. */
function stopOnInterrupt(system: System, signal: AbortSignal): void {
  const stop = (): void => {
    system[Symbol.asyncDispose]().then(
      () => process.exit(130),
      (error: unknown) => {
        console.error(failureText(error));
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  signal.addEventListener('abort', () => process.off('SIGINT', stop).off('SIGTERM', stop));
}

async function playStory({ json = false, keep = false, ...options }: StartFlags): Promise<void> {
  const stage = stageOn(process.stdout, json);
  const over = new AbortController();
  const afterwards = async (system: System): Promise<void> => {
    over.abort();
    if (!keep) return;
    stage.line(renderHowTo(system));
    await interrupted();
  };
  const onStarted = (system: System): void => stopOnInterrupt(system, over.signal);
  const summary = await start({ ...options, onStarted, afterwards }, stage);
  if (json) console.log(JSON.stringify(summary, undefined, 2));
  if (summary.outcome === 'failed') process.exitCode = 1;
}

async function stayUp(options: UpOptions): Promise<void> {
  const stage = stageOn(process.stdout, false);
  await using system = await up(options, stage);
  stage.line(renderHowTo(system));
  await interrupted();
  stage.line('stopping');
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError('a port is from 1 to 65535');
  return port;
}

function feedOf(text: string): string {
  if (!/^https?:\/\//.test(text) && !existsSync(text)) throw new InvalidArgumentError('there is no such file');
  return text;
}

const program = new Command('local').description('The whole system on this machine, on the embedded AWS.');

program
  .command('start')
  .description('play the pipeline through its days, and say how it went')
  .option('--feed <file|url>', 'a feed of your own, XML or .gz, instead of the sample feed', feedOf)
  .option('--record-tag <tag>', 'the element that is a record', 'job')
  .option('--type <name>', 'the name of the feed', 'broadbean')
  .option('--output <folder>', 'where records.ndjson and summary.json go', 'output')
  .option('--json', 'print the summary as JSON and nothing else')
  .option('--keep', 'stay up after the story, until Ctrl-C')
  .addHelpText(
    'after',
    `
Examples:
  npm start                                                    three days with the sample feed
  npm start -- --feed products.xml.gz --record-tag product     two days with your own
  npm start -- --json | jq .delivered.records                  the summary, for a program`,
  )
  .action(playStory);

program
  .command('up')
  .description('the same system on the real clock, until Ctrl-C')
  .option('--port <number>', 'where the embedded AWS listens', portOf, 8_700)
  .option('--output <folder>', 'where records.ndjson goes', 'output')
  .addHelpText('after', '\nExample:\n  npm run local -- --port 4566')
  .action(stayUp);

try {
  await program.parseAsync();
} catch (error) {
  console.error(failureText(error));
  process.exitCode = 1;
}
