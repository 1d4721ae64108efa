import { type Target, Target$ } from '@aws-sdk/client-eventbridge';
import { z } from 'zod';
import type { ResourceRef, Value } from '../reconcile/kind.ts';
import { type Fields, plainFields } from '../reconcile/value.ts';
import { nameInArn, refsTo } from './arn.ts';
import { laidOver, otherFields } from './aws-fields.ts';
import { asRequest, requestShape } from './request-shape.ts';
import { parsedJson, parsedTemplate, templateOf } from './target-input.ts';

export interface RuleTarget {
  readonly id: string;
  readonly arn: string;
  /** What the target gets, the text `<name>` standing for a value of `paths`; `null` for the plain event. */
  readonly input: Value;
  /** JSON paths into the event, by the names used in the input; with none of them the input is a constant. */
  readonly paths: Readonly<Record<string, string>>;
  readonly retries: number;
  readonly maximumAgeSeconds: number;
  readonly deadLetterArn: string | null;
  /** All else that a target may say, in EventBridge's names: `RoleArn`, `BatchParameters`, a template without paths. */
  readonly other: Fields;
}

/** AWS's own defaults, where a target has no policy; EventBridge and its Scheduler have the same. */
export const defaultRetries = { retries: 185, maximumAgeSeconds: 86_400 } as const;

/** A template without paths may hold EventBridge's own variables, `<aws.events.rule-name>`: it is no constant. */
const hasPaths = ({ InputTransformer }: Target): boolean =>
  Object.keys(InputTransformer?.InputPathsMap ?? {}).length > 0;

function inputOf(target: Target): Value {
  const { Input, InputTransformer } = target;
  if (hasPaths(target)) return parsedTemplate(InputTransformer?.InputTemplate ?? '');
  return Input === undefined ? null : parsedJson(Input);
}

const known = ['Id', 'Arn', 'Input', 'RetryPolicy', 'DeadLetterConfig'];

/** A target as EventBridge has it, or as somebody wrote it in EventBridge's own words. */
export const targetOf = (target: Target): RuleTarget => ({
  id: target.Id ?? '',
  arn: target.Arn ?? '',
  input: inputOf(target),
  paths: target.InputTransformer?.InputPathsMap ?? {},
  retries: target.RetryPolicy?.MaximumRetryAttempts ?? defaultRetries.retries,
  maximumAgeSeconds: target.RetryPolicy?.MaximumEventAgeInSeconds ?? defaultRetries.maximumAgeSeconds,
  deadLetterArn: target.DeadLetterConfig?.Arn ?? null,
  other: otherFields(target, hasPaths(target) ? [...known, 'InputTransformer'] : known),
});

function requestedInput({ input, paths }: RuleTarget): Pick<Target, 'Input' | 'InputTransformer'> {
  if (input === null) return {};
  if (Object.keys(paths).length === 0) return { Input: JSON.stringify(input) };
  return { InputTransformer: { InputTemplate: templateOf(input), InputPathsMap: { ...paths } } };
}

export const targetRequest = (target: RuleTarget): Target => ({
  ...target.other,
  Id: target.id,
  Arn: target.arn,
  ...requestedInput(target),
  RetryPolicy: { MaximumRetryAttempts: target.retries, MaximumEventAgeInSeconds: target.maximumAgeSeconds },
  ...(target.deadLetterArn === null ? {} : { DeadLetterConfig: { Arn: target.deadLetterArn } }),
});

const shape = requestShape(Target$);

/** A target as config has it in EventBridge's own words. Throws for a field that EventBridge does not have. */
export const writtenTarget = (fields: object): RuleTarget =>
  targetOf(asRequest<Target>(shape, 'a target of a rule', plainFields(fields)));

/** A target with fields of EventBridge laid over it. Throws as {@link writtenTarget}. */
export const overriddenTarget = (target: RuleTarget, override: object): RuleTarget =>
  writtenTarget(laidOver(plainFields(targetRequest(target)), plainFields(override)));

const Submission = z.object({ jobQueue: z.string(), jobDefinition: z.string() });

/** What an input submits to: it must be there before anything fires. */
function submittedTo(input: Value): ResourceRef[] {
  const { success, data } = Submission.safeParse(input);
  if (!success) return [];
  return [
    { kind: 'job-queue', name: data.jobQueue },
    { kind: 'job-definition', name: data.jobDefinition },
  ];
}

export const targetReferences = ({ arn, deadLetterArn, input }: Omit<RuleTarget, 'id' | 'paths'>): ResourceRef[] => [
  ...refsTo(arn),
  ...(deadLetterArn === null ? [] : [{ kind: 'dead-letter-queue', name: nameInArn(deadLetterArn) }]),
  ...submittedTo(input),
];
