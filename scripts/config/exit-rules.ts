import type { JobDefinition } from './job-definition-schema.ts';

type ExitRules = NonNullable<JobDefinition['evaluateOnExit']>;

/**
 * How AWS says that Spot capacity was taken back: EC2 by its host, Fargate by the task. What matches no rule is retried,
 * so the list ends in an exit. https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html
 */
const spot: ExitRules = [
  { action: 'RETRY', onStatusReason: 'Host EC2*' },
  { action: 'RETRY', onStatusReason: 'Your Spot Task was interrupted.' },
  { action: 'EXIT', onReason: '*' },
];

/** The exit rules of a definition: its own, or those of the preset it names. */
export const exitRulesOf = ({ retry, evaluateOnExit = [] }: JobDefinition): ExitRules =>
  retry === 'spot' ? spot : evaluateOnExit;
