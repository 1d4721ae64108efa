/**
 * npm run trigger -- JOB
 *
 * Submits one job of the config, and follows it to its end. Exit codes: the job's own; 1 where it never started, or was not
 * submitted; 124 when --timeout is over; 130 when Ctrl-C left it running.
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { durationSeconds } from './config/duration.ts';
import { addPair, withPlaceOnAws } from './control/command-line.ts';
import { failureText } from './control/failure.ts';
import type { TriggerFlags } from './operate/trigger/run.ts';

function secondsOf(text: string): number {
  if (!/^[1-9]\d*[smhd]$/.test(text))
    throw new InvalidArgumentError('write a whole number with a unit: 90s, 15m, 2h, 1d');
  return durationSeconds(text);
}

function childrenOf(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('write a number from 2 to 10000');
  return Number(text);
}

const pairs = (flags: string, description: string): Option =>
  new Option(flags, `${description}; may be repeated`).argParser(addPair).default({}, 'as config says');

const program = withPlaceOnAws(
  new Command('trigger')
    .description('Submits one job, follows it to its end, and ends with its exit code.')
    .argument('[job]', 'a job definition of the config, or a schedule: then exactly what it submits'),
)
  .addOption(pairs('--set <KEY=VALUE>', 'another variable, or another value for one'))
  .addOption(pairs('--param <KEY=VALUE>', 'another value for a parameter, Ref::KEY in the command'))
  .option('--queue <name>', 'a queue of the config; without it, the one that schedules and topics submit it to')
  .option('--share <identifier>', 'whose share of a queue with a scheduling policy the job counts to')
  .option('--name <name>', "the job's whole name, in place of one that says that it was started by hand")
  .option('--array <children>', 'an array job of so many children, 2 to 10000', childrenOf)
  .option('--no-wait', 'submit it and say how to follow it')
  .option('--timeout <duration>', 'stop following after so long, such as 2h; the job goes on', secondsOf)
  .option('--json', 'print the outcome for programs; what happens is told on standard error')
  .option('--summary <file>', 'append a table in Markdown to this file, such as "$GITHUB_STEP_SUMMARY"')
  .option('--follow <id>', 'submit nothing: follow this job')
  .option('--stop <id>', 'submit nothing: terminate this job')
  .addHelpText(
    'after',
    `
Exit codes: the container's; 1 where the job never started or nothing was submitted; 124 when --timeout is over, with the
job still running; 130 when Ctrl-C left it running.

Examples:
  npm run trigger -- broadbean                                           what the schedule submits, now
  npm run trigger -- broadbean -e staging --set FEED_TYPE=other          the same with another value
  npm run trigger -- feed-consumer --queue feeds --array 4               a job definition, as an array
  npm run --silent trigger -- broadbean -e production --no-wait --json   submit it and read its id
  npm run trigger -- -e production --follow 1b2c…                        what became of it
  npm run trigger -- -e production --stop 1b2c…                          terminate it`,
  )
  .action(async (job: string | undefined, flags: TriggerFlags) => {
    const { trigger } = await import('./operate/trigger/command.ts');
    await trigger(job, flags);
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(failureText(error));
  process.exitCode ??= 1;
}
