import { variableNameProblem } from '../../config/rules/processes.ts';
import type { Config } from '../../config/schema.ts';
import { PlanError } from '../../reconcile/errors.ts';
import { nameByHand } from '../job-names.ts';
import type { Choice } from './choice.ts';
import type { Input } from './input.ts';

type Pairs = Readonly<Record<string, string>>;

/** What is laid over a choice. */
export interface Overlay {
  readonly set: Pairs;
  readonly param: Pairs;
  /** The job's whole name. */
  readonly name?: string | undefined;
  /** How many children the job has; 1 is a plain job. */
  readonly array?: number | undefined;
}

/** A job as it is submitted, and what the operator should know of it before. */
export interface Request {
  readonly submission: Input & { readonly arrayProperties?: { readonly size: number } };
  readonly notes: readonly string[];
}

/** ECS's limit on the overrides of a task, and Batch's on a submission. */
const longestOverrides = 8_192;
const largestPayload = 30 * 1_024;

/** Of the variables that a submission has, those that are set take the places of those of the same name. */
function environmentWith(input: Input, set: Pairs) {
  const others = (input.containerOverrides?.environment ?? []).filter(({ name }) => !Object.hasOwn(set, name));
  const own = Object.entries(set).map(([name, value]) => ({ name, value }));
  return [...others, ...own].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A parameter means something where the command has a place for it, or the definition a value. */
function meaningless({ jobDefinitions }: Config, { definition, input }: Choice, param: Pairs): string[] {
  const { command = [], parameters = {} } = jobDefinitions[definition] ?? {};
  const places = [...command, ...(input.containerOverrides?.command ?? [])].flatMap((word) =>
    [...word.matchAll(/Ref::([\w-]+)/g)].map(([, name]) => name),
  );
  const known = new Set([...places, ...Object.keys(parameters), ...Object.keys(input.parameters ?? {})]);
  return Object.keys(param).filter((name) => !known.has(name));
}

/** Everything that AWS would refuse, or take and fail on. */
function problemsOf(submission: Request['submission'], { set, array }: Overlay): string[] {
  const names = Object.keys(set).flatMap((name) => {
    const problem = variableNameProblem(name);
    return problem === undefined ? [] : [`--set ${name}: ${problem}`];
  });
  const overrides = JSON.stringify(submission.containerOverrides ?? {}).length;
  const payload = Buffer.byteLength(JSON.stringify(submission));
  return [
    ...names,
    ...(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(submission.jobName)
      ? []
      : [
          `--name ${submission.jobName}: must begin with a letter or digit and hold at most 128 letters, digits, "-" and "_"`,
        ]),
    ...(array === undefined || (Number.isInteger(array) && array >= 1 && array <= 10_000)
      ? []
      : [`--array ${array}: must be a whole number from 2 to 10000, or 1 for a plain job`]),
    ...(overrides > longestOverrides
      ? [
          `variables and command make ${overrides} characters, and a container takes ${longestOverrides}; put what is large into S3 and set its key`,
        ]
      : []),
    ...(payload > largestPayload ? [`the submission is ${payload} bytes, and Batch takes ${largestPayload}`] : []),
  ];
}

/** Lays over a choice what somebody says. Throws PlanError with everything that AWS would not take. */
export function requestOf(config: Config, choice: Choice, overlay: Overlay, now: Date): Request {
  const { input, what } = choice;
  const { set, param, name, array } = overlay;
  const counts = choice.isSchedules && array === undefined && Object.keys({ ...set, ...param }).length === 0;
  const environment = environmentWith(input, set);
  const overrides = { ...input.containerOverrides, ...(environment.length > 0 && { environment }) };
  const parameters = { ...input.parameters, ...param };
  const submission = {
    ...input,
    jobName: name ?? nameByHand(input.jobName, counts, now),
    ...(Object.keys(overrides).length > 0 && { containerOverrides: overrides }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(array !== undefined && array > 1 && { arrayProperties: { size: array } }),
  };
  const problems = problemsOf(submission, overlay);
  if (problems.length > 0) throw new PlanError(problems.map((problem) => `running ${what}: ${problem}`));
  return {
    submission,
    notes: [
      ...meaningless(config, choice, param).map(
        (name) =>
          `--param ${name}: job definition "${choice.definition}" has neither a Ref::${name} in its command nor a parameter ${name}; it will have no effect`,
      ),
      ...(array === 1 ? ['--array 1: an array has at least 2 children; submitting one plain job'] : []),
    ],
  };
}
