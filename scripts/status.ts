/**
 * npm run status
 *
 * Shows how an environment is: what runs, what ran, what fires next, what is lost. Reads only. Exit codes: 0 shown,
 * 1 failed, 130 stopped by Ctrl-C before it was.
 */
import { Command, InvalidArgumentError } from 'commander';
import { withPlaceOnAws } from './control/command-line.ts';
import { failureText } from './control/failure.ts';
import type { StatusFlags } from './operate/status/command.ts';

function countOf(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('write a number from 1 to 99');
  return Number(text);
}

const program = withPlaceOnAws(
  new Command('status').description(
    'Shows what runs and why it waits, what ran and how it ended, what fires next, and what is lost. Changes nothing.',
  ),
)
  .option('--last <runs>', 'how many runs of each schedule and topic', countOf, 3)
  .option('--json', 'print it for programs; with --watch one line a time')
  .option('--watch', 'show it again and again, until Ctrl-C')
  .addHelpText(
    'after',
    `
Examples:
  npm run status                                                 the embedded AWS of npm run local
  npm run status -- -e production --last 7                       a week of each schedule and topic
  npm run status -- -e production --watch                        until Ctrl-C
  npm run --silent status -- -e production --json | jq .deadLetters`,
  )
  .action(async (flags: StatusFlags) => {
    const { status } = await import('./operate/status/command.ts');
    await status(flags);
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(failureText(error));
  process.exitCode ??= 1;
}
