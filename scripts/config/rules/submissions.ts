import { submissionInput } from '../submission.ts';
import { dotted, type Path } from '../tree.ts';
import { type Rule, submissions } from './rule.ts';

/** A name that gets too long with the event's time or id behind it is cut, and ends in a hash, where it is submitted. */
export const jobNamesAreBatchs: Rule = ({ config }, report) => {
  for (const { path, submission } of submissions(config)) {
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(submission.jobName)) {
      const right = 'must begin with a letter or digit and hold at most 128 letters, digits, "-" and "_"';
      report([...path, 'jobName'], right);
    }
  }
};

/** A job's name and its event's time are what keeps an event from submitting twice: of two with one name, one is lost. */
export const jobNamesStayApart: Rule = ({ config }, report) => {
  const first = new Map<string, string>();
  for (const { path, submission } of submissions(config)) {
    const other = first.get(submission.jobName);
    if (other === undefined) first.set(submission.jobName, dotted(path));
    else
      report([...path, 'jobName'], `is the jobName of ${other} as well; each needs its own, or one may pass for both`);
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
