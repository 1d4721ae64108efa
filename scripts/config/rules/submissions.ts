import { submissionInput } from '../submission.ts';
import type { Path } from '../tree.ts';
import { type Rule, submissions } from './rule.ts';

/**
 * What is appended to a job's name so that an event submits once: `-20261123T030000Z`, or `-` and an SNS message id.
 * SubmitJob takes 128 characters in all.
 */
const suffix = { schedules: 17, topics: 37 } as const;

export const jobNamesAreBatchs: Rule = ({ config }, report) => {
  for (const { from, path, submission } of submissions(config)) {
    const limit = 128 - suffix[from];
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(submission.jobName)) {
      report([...path, 'jobName'], 'must begin with a letter or digit and go on with letters, digits, "-" and "_"');
    } else if (submission.jobName.length > limit) {
      const has = `it has ${submission.jobName.length}`;
      report([...path, 'jobName'], `must have at most ${limit} characters, as the event's id is appended; ${has}`);
    }
  }
};

/** ECS caps the overrides of a container at 8,192 characters. */
export const overridesAreSmallEnough: Rule = ({ config, site }, report) => {
  if (site === undefined) return;
  for (const { path, submission } of submissions(config)) {
    const size = JSON.stringify(submissionInput(site, submission).containerOverrides ?? {}).length;
    if (size > 8_192) report(path, `environment and command make ${size} characters; a container takes 8192`);
  }
};

/** An EventBridge target's input takes 8,192 bytes, of which the places of the event's id and time take some 40. */
export const inputsAreSmallEnough: Rule = ({ config, site }, report) => {
  if (site === undefined) return;
  for (const { from, path, submission } of submissions(config)) {
    const size = Buffer.byteLength(JSON.stringify(submissionInput(site, submission))) + 64;
    if (from === 'schedules' && size > 8_192) {
      report(path, `makes a target input of ${size} bytes, and EventBridge takes 8192; put what is large into S3`);
    }
  }
};

const angled = /[<>]/;

/** The constants travel in an input transformer's template, which cannot escape `<` and `>`. */
export const inputsHoldNoAngles: Rule = ({ config }, report) => {
  const check = (path: Path, value: unknown): void => {
    if (typeof value === 'string' && angled.test(value)) {
      report(path, 'must hold no "<" or ">": EventBridge takes them for placeholders of its input transformer');
    }
  };
  for (const { from, path, submission } of submissions(config)) {
    if (from !== 'schedules') continue;
    for (const [index, part] of (submission.command ?? []).entries()) check([...path, 'command', index], part);
    for (const field of ['environment', 'parameters'] as const) {
      for (const [name, value] of Object.entries(submission[field] ?? {})) check([...path, field, name], value);
    }
  }
};
