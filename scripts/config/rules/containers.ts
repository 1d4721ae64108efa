import { suggestion } from '../suggestion.ts';
import type { Path } from '../tree.ts';
import { type Rule, submissions } from './rule.ts';

/** Places in a command that a parameter fills. */
const placeholdersIn = (command: readonly string[] = []): string[] => [
  ...new Set(command.flatMap((part) => [...part.matchAll(/Ref::([\w-]+)/g)].map(([, name = '']) => name))),
];

/** A placeholder without a value reaches the program as the text `Ref::name`. */
export const placeholdersHaveValues: Rule = ({ config }, report) => {
  for (const { path, submission } of submissions(config)) {
    const definition = config.jobDefinitions[submission.jobDefinition];
    if (definition === undefined) continue;
    const values = { ...definition.parameters, ...submission.parameters };
    for (const name of placeholdersIn(submission.command ?? definition.command)) {
      if (Object.hasOwn(values, name)) continue;
      const place: Path = submission.command === undefined ? path : [...path, 'command'];
      report(
        place,
        `gives no value for Ref::${name} of the command; add it to parameters here or in jobDefinitions.${submission.jobDefinition}`,
      );
    }
  }
};

/** ECS refuses a container whose variable has both a value and a secret. */
export const secretsHaveTheirOwnVariable: Rule = ({ config }, report) => {
  for (const [definition, { environment, secrets }] of Object.entries(config.jobDefinitions)) {
    for (const name of Object.keys(secrets)) {
      if (!Object.hasOwn(environment, name)) continue;
      report(
        ['jobDefinitions', definition, 'secrets', name],
        'is in environment as well; keep it in one of them',
        'name',
      );
    }
  }
};

/** A key is only of use to read secrets with. */
export const keysHaveSecrets: Rule = ({ config }, report) => {
  for (const [definition, { secrets, secretsKey }] of Object.entries(config.jobDefinitions)) {
    if (secretsKey === undefined || Object.keys(secrets).length > 0) continue;
    report(['jobDefinitions', definition, 'secretsKey'], 'goes with secrets, and there are none');
  }
};

export const mountsHaveTheirVolume: Rule = ({ config }, report) => {
  for (const [definition, { volumes, mountPoints }] of Object.entries(config.jobDefinitions)) {
    const known = volumes.map(({ name }) => name);
    for (const [index, { sourceVolume }] of mountPoints.entries()) {
      if (known.includes(sourceVolume)) continue;
      const path = ['jobDefinitions', definition, 'mountPoints', index, 'sourceVolume'];
      report(path, `names no volume of this definition; ${suggestion(sourceVolume, known)}`);
    }
    for (const [index, name] of known.entries()) {
      if (known.indexOf(name) === index) continue;
      report(['jobDefinitions', definition, 'volumes', index, 'name'], 'is the name of another volume as well');
    }
  }
};

/** A role that is given is somebody else's to fill. */
export const rolesAreGivenOrDerived: Rule = ({ config }, report) => {
  for (const [definition, { grants, jobRoleArn }] of Object.entries(config.jobDefinitions)) {
    if (jobRoleArn === undefined || grants.length === 0) continue;
    report(['jobDefinitions', definition, 'jobRoleArn'], 'stands in place of grants; give one of them');
  }
};

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html. */
const logOptions = {
  own: ['awslogs-group', 'awslogs-region', 'awslogs-stream-prefix', 'awslogs-create-group'],
  known: ['awslogs-datetime-format', 'awslogs-multiline-pattern', 'mode', 'max-buffer-size'],
} as const;

export const logOptionsAreOfTheDriver: Rule = ({ config }, report) => {
  for (const [definition, { logOptions: given }] of Object.entries(config.jobDefinitions)) {
    for (const name of Object.keys(given)) {
      const path = ['jobDefinitions', definition, 'logOptions', name];
      if (logOptions.own.some((own) => own === name))
        report(path, 'is set by baton, which makes the log group', 'name');
      else if (!logOptions.known.some((known) => known === name))
        report(path, `is no option of awslogs; there are: ${logOptions.known.join(', ')}`, 'name');
    }
  }
};
