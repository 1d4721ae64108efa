/**
 * npm start            the pipeline through three days, on the embedded AWS
 * npm run local        the same system on the real clock, until Ctrl-C
 *
 * Exit codes: 0 everything went as promised, 1 something failed, 130 Ctrl-C before it was over or up.
 */
import { statSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { failureText } from './control/failure.ts';
import type { StartFlags, UpFlags } from './local/commands.ts';
import { Interrupted } from './local/interruption.ts';
import { StartError } from './local/start-error.ts';

/** Everything else takes longer to load than a mistake on the command line should take to be told. */
const commands = () => import('./local/commands.ts');

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('a port is from 0 to 65535');
  return port;
}

function feedOf(text: string): string {
  const isFile = statSync(text, { throwIfNoEntry: false })?.isFile() ?? false;
  if (!isFile && !/^https?:\/\//.test(text)) throw new InvalidArgumentError('there is no such file');
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
  npm --silent start -- --json | jq .delivered.records         the summary, for a program`,
  )
  .action(async (flags: StartFlags) => (await commands()).start(flags));

program
  .command('up')
  .description('the same system on the real clock, until Ctrl-C')
  .option('--port <number>', 'where the embedded AWS listens; 0: everything on any free port', portOf, 8_700)
  .option('--output <folder>', 'where records.ndjson goes', 'output')
  .addHelpText('after', '\nExample:\n  npm run local -- --port 4566')
  .action(async (flags: UpFlags) => (await commands()).stayUp(flags));

try {
  await program.parseAsync();
} catch (error) {
  // What was given up still runs, against a system that is gone.
  if (error instanceof Interrupted) process.exit(error.exitCode);
  console.error(error instanceof StartError ? error.message : failureText(error));
  process.exitCode = 1;
}
