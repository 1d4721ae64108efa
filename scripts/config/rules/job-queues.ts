import { durationSeconds } from '../duration.ts';
import { isOnFargate } from './compute-environments.ts';
import { type Rule, submissions } from './rule.ts';

/** https://docs.aws.amazon.com/batch/latest/APIReference/API_JobStateTimeLimitAction.html */
export const timeLimitsAreBatchs: Rule = ({ config }, report) => {
  for (const [name, { timeLimits }] of Object.entries(config.jobQueues)) {
    for (const [index, { after }] of timeLimits.entries()) {
      const seconds = durationSeconds(after);
      if (seconds >= 600 && seconds <= 86_400) continue;
      report(['jobQueues', name, 'timeLimits', index, 'after'], 'must be from 10m to 24h');
    }
  }
};

/** https://docs.aws.amazon.com/batch/latest/APIReference/API_CreateJobQueue.html: "can't be mixed". */
export const queuesDoNotMix: Rule = ({ config }, report) => {
  for (const [name, { computeEnvironments }] of Object.entries(config.jobQueues)) {
    const first = computeEnvironments
      .map((each) => config.computeEnvironments[each])
      .find((each) => each !== undefined);
    for (const [index, each] of computeEnvironments.entries()) {
      const other = config.computeEnvironments[each];
      if (first === undefined || other === undefined || isOnFargate(first) === isOnFargate(other)) continue;
      const path = ['jobQueues', name, 'computeEnvironments', index];
      report(path, `is ${other.type}, and the first is ${first.type}: a queue does not mix Fargate and EC2`);
    }
  }
};

/** A job waits in RUNNABLE for ever in a queue whose environments are of the other platform. */
export const jobsFitTheirPlatform: Rule = ({ config }, report) => {
  for (const { path, submission } of submissions(config)) {
    const definition = config.jobDefinitions[submission.jobDefinition];
    const [first = ''] = config.jobQueues[submission.jobQueue]?.computeEnvironments ?? [];
    const environment = config.computeEnvironments[first];
    if (definition === undefined || environment === undefined) continue;
    if (isOnFargate(environment) === (definition.platform === 'FARGATE')) continue;
    const message = `runs on ${environment.type}, and the platform of "${submission.jobDefinition}" is ${definition.platform}: the job would never start`;
    report([...path, 'jobQueue'], message);
  }
};

/** https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html, shareIdentifier. */
export const sharesFitTheirQueue: Rule = ({ config }, report) => {
  for (const { path, submission } of submissions(config)) {
    const queue = config.jobQueues[submission.jobQueue];
    if (queue === undefined) continue;
    if (queue.schedulingPolicy !== undefined && submission.shareIdentifier === undefined) {
      report(path, `needs a shareIdentifier: queue "${submission.jobQueue}" has a scheduling policy`, 'name');
    }
    if (queue.schedulingPolicy === undefined && submission.shareIdentifier !== undefined) {
      const right = `goes with no queue without a scheduling policy, as "${submission.jobQueue}" is`;
      report([...path, 'shareIdentifier'], right);
    }
  }
};

/** AWS keeps it for a week at most. */
export const sharesDecayInTime: Rule = ({ config }, report) => {
  for (const [name, { shareDecay }] of Object.entries(config.schedulingPolicies)) {
    if (shareDecay === undefined || durationSeconds(shareDecay) <= 604_800) continue;
    report(['schedulingPolicies', name, 'shareDecay'], 'must be at most 7d');
  }
};

const covers = (one: string, other: string): boolean =>
  one.endsWith('*') ? other.startsWith(one.slice(0, -1)) : one === other;

/** https://docs.aws.amazon.com/batch/latest/APIReference/API_FairsharePolicy.html: identifiers "can't overlap". */
export const sharesStayApart: Rule = ({ config }, report) => {
  for (const [name, { shareDistribution }] of Object.entries(config.schedulingPolicies)) {
    const shares = Object.keys(shareDistribution);
    for (const share of shares) {
      const other = shares.find((each) => each !== share && covers(each, share));
      if (other === undefined) continue;
      report(['schedulingPolicies', name, 'shareDistribution', share], `is part of "${other}" as well`, 'name');
    }
  }
};
