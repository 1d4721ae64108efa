import type { Config } from '../schema.ts';
import { nodeAt, type Path } from '../tree.ts';
import { type Rule, submissions } from './rule.ts';

interface PlacedProcess {
  readonly path: Path;
  readonly environment: Readonly<Record<string, unknown>>;
  readonly command: readonly string[] | undefined;
}

/** Everything that has variables and a command: definitions, and submissions over them. */
function processes(config: Config): PlacedProcess[] {
  const defined = Object.entries(config.jobDefinitions).map(
    ([name, { environment, command }]): PlacedProcess => ({ path: ['jobDefinitions', name], environment, command }),
  );
  const submitted = submissions(config).map(
    ({ path, submission: { environment, command } }): PlacedProcess => ({ path, environment, command }),
  );
  return [...defined, ...submitted];
}

/** What is wrong with a variable's name, or undefined. `AWS_BATCH*`: API_ContainerProperties, environment. */
export function variableNameProblem(name: string): string | undefined {
  if (name.toUpperCase().startsWith('AWS_BATCH')) return 'must not begin with AWS_BATCH: these names belong to Batch';
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? undefined
    : 'must be a variable name: letters, digits and "_", not beginning with a digit';
}

export const variableNamesAreValid: Rule = ({ config }, report) => {
  for (const { path, environment } of processes(config)) {
    for (const name of Object.keys(environment)) {
      const problem = variableNameProblem(name);
      if (problem !== undefined) report([...path, 'environment', name], problem, 'name');
    }
  }
  for (const [definition, { secrets }] of Object.entries(config.jobDefinitions)) {
    for (const name of Object.keys(secrets)) {
      const problem = variableNameProblem(name);
      if (problem !== undefined) report(['jobDefinitions', definition, 'secrets', name], problem, 'name');
    }
  }
  for (const [name, { submit }] of Object.entries(config.topics)) {
    const problem = submit && variableNameProblem(submit.messageVariable);
    if (problem !== undefined) report(['topics', name, 'submit', 'messageVariable'], problem);
  }
};

/** The message would silently win over a variable of the same name. */
export const messagesHaveTheirOwnVariable: Rule = ({ config }, report) => {
  for (const [name, { submit }] of Object.entries(config.topics)) {
    if (submit !== undefined && Object.hasOwn(submit.environment, submit.messageVariable)) {
      const path = ['topics', name, 'submit', 'environment', submit.messageVariable];
      report(path, 'is the messageVariable as well: the message takes its place', 'name');
    }
  }
};

/** Variables are text: `007` and `1.10` are numbers to YAML, and would lose digits on the way. */
export const variablesKeepTheirText: Rule = ({ config, tree }, report) => {
  for (const { path, environment } of processes(config)) {
    for (const [name, value] of Object.entries(environment)) {
      const node = nodeAt(tree, [...path, 'environment', name]);
      if (typeof value === 'string' || node?.type !== 'leaf' || node.source === String(value)) continue;
      report([...path, 'environment', name], `would become "${String(value)}"; put it in quotes to keep it as it is`);
    }
  }
};

export const commandsHoldNoEmptyText: Rule = ({ config }, report) => {
  for (const { path, command = [] } of processes(config)) {
    for (const [index, part] of command.entries()) {
      if (part === '') report([...path, 'command', index], 'must not be empty: Batch refuses empty arguments');
    }
  }
};

/** Batch keeps no empty variable of a definition, so that every plan would set it again. */
export const definitionsHoldNoEmptyVariable: Rule = ({ config, site }, report) => {
  // What references stand for is not known yet.
  if (site === undefined) return;
  for (const [definition, { environment }] of Object.entries(config.jobDefinitions)) {
    for (const [name, value] of Object.entries(environment)) {
      if (value !== '') continue;
      report(
        ['jobDefinitions', definition, 'environment', name],
        'must not be empty: Batch forgets it; leave the variable out',
      );
    }
  }
};
