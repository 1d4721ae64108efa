import { type Command, InvalidArgumentError, Option } from 'commander';

type Pairs = Readonly<Record<string, string>>;

/** Reads `KEY=VALUE`, beside those that were given before it. Throws what commander tells the operator. */
export function addPair(text: string, pairs: Pairs): Pairs {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('write KEY=VALUE');
  return { ...pairs, [name]: value };
}

/** Loads a command when it is run: AWS's clients take longer to load than all files to check. */
export const lazily =
  <Args extends readonly unknown[]>(load: () => Promise<(...args: Args) => void | Promise<void>>) =>
  async (...args: Args): Promise<void> =>
    (await load())(...args);

/** What every command says about where it works. */
export const withPlace = (command: Command): Command =>
  command
    .option('-e, --environment <name>', 'a file in environments/ of the config folder', 'local')
    .option('-c, --config <folder>', 'where the YAML files are', 'config')
    .addOption(
      new Option('--var <KEY=VALUE>', 'another value for one of its variables; may be repeated')
        .argParser(addPair)
        .default({}, 'as the file says'),
    );

/** The same for a command that asks AWS. */
export const withPlaceOnAws = (command: Command): Command =>
  withPlace(command).option('-v, --verbose', 'say on standard error which calls were made to AWS, and how many');
