/**
 * npm run replay -- --environment NAME
 *
 * Takes dead letters back through their functions, or discards them, after showing them. Exit codes: 0 all replayed or
 * discarded, shown, or none there, 1 failed or some left, 2 somebody said no, 130 stopped by Ctrl-C.
 */
import { Command, InvalidArgumentError } from 'commander';
import { lazily, withPlaceOnAws } from './control/command-line.ts';
import { failureText } from './control/failure.ts';

function positive(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('write a number from 1 on');
}

/** Fewer characters might be those of letters that nobody has looked at. */
function another(id: string, ids: readonly string[] = []): readonly string[] {
  if (!/^[\da-f][\da-f-]{3,35}$/i.test(id)) throw new InvalidArgumentError('write at least four characters of an id');
  return [...ids, id];
}

const program = withPlaceOnAws(new Command('replay'))
  .description('Takes dead letters back through their functions, after showing them.')
  .option('--queue <name>', 'of one queue: undelivered-schedules, undelivered-messages or failed-invocations')
  .option('--id <beginning>', 'letters whose id begins so; may be repeated', another)
  .option('--discard <beginning>', 'delete those instead, with nothing run; may be repeated', another)
  .option('--limit <number>', 'at most so many letters, the oldest first', positive, 100)
  .option('--show', 'look at them and change nothing')
  .option('--json', 'for programs; without --yes it only shows them')
  .option('-y, --yes', 'do not ask')
  .addHelpText(
    'after',
    `
A letter is deleted once its function has taken it. One whose function fails again, or of an unknown form, stays where it is;
--discard deletes what nobody wants any more, after showing it and asking.
A job that was submitted before is not submitted again: the function has claimed its name.

Exit codes: 0 all replayed or discarded, shown, or none there, 1 failed or some left, 2 somebody said no, 130 stopped by Ctrl-C.

Examples:
  npm run replay -- -e production --show                            what lies there, since when, and why
  npm run replay -- -e production                                   shows them, asks, replays them
  npm run replay -- -e production --queue failed-invocations --yes  of one queue, without asking
  npm run replay -- -e production --id 1a2b3c4d                     one letter
  npm run replay -- -e production --discard 1a2b3c4d                deletes one that is of no use`,
  )
  .action(lazily(async () => (await import('./operate/replay/replay.ts')).replay));

try {
  await program.parseAsync();
} catch (error) {
  console.error(failureText(error));
  process.exitCode ??= 1;
}
