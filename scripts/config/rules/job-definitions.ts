import { durationSeconds } from '../duration.ts';
import type { JobDefinition } from '../job-definition-schema.ts';
import { variableList } from '../submission.ts';
import { suggestion } from '../suggestion.ts';
import type { Rule } from './rule.ts';

type ExitRule = NonNullable<JobDefinition['evaluateOnExit']>[number];

/** https://docs.aws.amazon.com/batch/latest/APIReference/API_EvaluateOnExit.html */
const patterns = {
  onReason: { right: /^[A-Za-z0-9.:\s]*\*?$/, holds: 'letters, digits, ".", ":" and spaces' },
  onStatusReason: { right: /^[A-Za-z0-9.:\s]*\*?$/, holds: 'letters, digits, ".", ":" and spaces' },
  onExitCode: { right: /^[0-9]*\*?$/, holds: 'digits' },
} as const;

const patternsOf = (exit: ExitRule): (readonly [keyof typeof patterns, string])[] =>
  (['onReason', 'onStatusReason', 'onExitCode'] as const).flatMap((field) => {
    const pattern = exit[field];
    return pattern === undefined ? [] : [[field, pattern] as const];
  });

const catchesAll = (exit: ExitRule | undefined): boolean =>
  exit?.action === 'EXIT' && patternsOf(exit).length > 0 && patternsOf(exit).every(([, pattern]) => pattern === '*');

/** Batch retries what matches no rule, so a list that does not end in "everything else exits" says less than it means. */
export const exitRulesAreWhole: Rule = ({ config }, report) => {
  for (const [name, { attempts, retry, evaluateOnExit }] of Object.entries(config.jobDefinitions)) {
    const path = ['jobDefinitions', name, retry === undefined ? 'evaluateOnExit' : 'retry'];
    const given = retry ?? evaluateOnExit;
    if (given === undefined) continue;
    if (attempts < 2) report(path, 'needs attempts of 2 or more: with one attempt nothing is ever retried');
    if (evaluateOnExit === undefined) continue;
    if (retry !== undefined) report(path, 'stands in place of evaluateOnExit; give one of them');
    if (!catchesAll(evaluateOnExit.at(-1))) {
      report(
        ['jobDefinitions', name, 'evaluateOnExit'],
        'must end in { action: EXIT, onReason: "*" }: what matches no rule is retried',
      );
    }
  }
};

export const exitPatternsAreBatchs: Rule = ({ config }, report) => {
  for (const [name, { evaluateOnExit = [] }] of Object.entries(config.jobDefinitions)) {
    for (const [index, exit] of evaluateOnExit.entries()) {
      const path = ['jobDefinitions', name, 'evaluateOnExit', index];
      const given = patternsOf(exit);
      if (given.length === 0) report(path, 'needs one of onReason, onStatusReason, onExitCode');
      for (const [field, pattern] of given) {
        const { right, holds } = patterns[field];
        if (pattern === '' || !right.test(pattern)) {
          report([...path, field], `must hold ${holds} only, with "*" at its end at most`);
        }
      }
    }
  }
};

/** https://docs.aws.amazon.com/batch/latest/userguide/job_timeouts.html */
export const timeoutsAreLongEnough: Rule = ({ config }, report) => {
  for (const [name, { timeout }] of Object.entries(config.jobDefinitions)) {
    if (timeout !== undefined && durationSeconds(timeout) < 60) {
      report(['jobDefinitions', name, 'timeout'], 'must be at least 60s: Batch takes no shorter one');
    }
  }
};

/** `jobs/NAME` is a folder to build from; anything else is an image reference. */
export const imagesExist: Rule = ({ config, folders }, report) => {
  for (const [name, { image }] of Object.entries(config.jobDefinitions)) {
    const path = ['jobDefinitions', name, 'image'];
    if (image.startsWith('jobs/') && !folders.has(image)) {
      report(path, `is no folder of this repository with a Dockerfile; ${suggestion(image, folders)}`);
    } else if (!/^[A-Za-z0-9][A-Za-z0-9._:/@#-]*$/.test(image)) {
      report(path, 'must be an image reference: letters, digits and . _ : / @ # - only');
    }
  }
};

/** RegisterJobDefinition takes 24 KiB; what baton itself adds (roles, network, log group, tags) stays under 2 of them. */
export const definitionsAreSmallEnough: Rule = ({ config }, report) => {
  for (const [name, definition] of Object.entries(config.jobDefinitions)) {
    const { image, command, parameters, logOptions, volumes, mountPoints, override } = definition;
    const [environment, secrets] = [variableList(definition.environment), variableList(definition.secrets)];
    const content = JSON.stringify({
      ...{ image, command, parameters, logOptions, environment, secrets },
      ...{ volumes, mountPoints, override },
    });
    const size = Buffer.byteLength(content) + 2_048;
    if (size > 24_576) report(['jobDefinitions', name], `is too large: about ${size} bytes, and Batch takes 24576`);
  }
};
