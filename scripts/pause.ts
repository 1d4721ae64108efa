/**
 * npm run pause -- --environment NAME [--resume]
 *
 * For incidents: disables every schedule and queue of an environment, and restores exactly what was. Exit codes: 0 done or
 * nothing to do, 1 failed, 2 somebody said no, 130 stopped by Ctrl-C.
 */
import { Command } from 'commander';
import { lazily, withPlaceOnAws } from './control/command-line.ts';
import { failureText } from './control/failure.ts';

const program = withPlaceOnAws(new Command('pause'))
  .description('Disables every schedule and queue of an environment, and with --resume restores exactly what was.')
  .option('--resume', 'end the pause: everything as it was before')
  .option('--reason <text>', 'why, for whoever reads a plan meanwhile')
  .option('-y, --yes', 'do not ask')
  .addHelpText(
    'after',
    `
Jobs that were submitted go on. Fire times that pass meanwhile are not made up for. What an apply adds comes up disabled.

Exit codes: 0 done or nothing to do, 1 failed, 2 somebody said no, 130 stopped by Ctrl-C.

Examples:
  npm run pause -- -e production --reason "the destination is down"   shows what it would do, asks, does it
  npm run pause -- -e production --resume                             ends it, and says what was missed
  npm run pause -- -e production --yes                                without asking`,
  )
  .action(lazily(async () => (await import('./operate/pause/pause.ts')).pause));

try {
  await program.parseAsync();
} catch (error) {
  console.error(failureText(error));
  process.exitCode ??= 1;
}
