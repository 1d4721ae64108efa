import type { JobDefinition } from '../job-definition-schema.ts';
import { suggestion } from '../suggestion.ts';
import { namesIn } from '../tree.ts';
import { type Checked, type Report, type Rule, submissions } from './rule.ts';

type Section = 'computeEnvironments' | 'schedulingPolicies' | 'jobQueues' | 'jobDefinitions' | 'buckets' | 'topics';

const words: Readonly<Record<Section, string>> = {
  computeEnvironments: 'compute environment',
  schedulingPolicies: 'scheduling policy',
  jobQueues: 'job queue',
  jobDefinitions: 'job definition',
  buckets: 'bucket',
  topics: 'topic',
};

function demand({ tree }: Checked, report: Report, section: Section, name: string, path: readonly PropertyKey[]): void {
  const known = namesIn(tree, section);
  if (!known.has(name)) {
    report(path, `names no ${words[section]}; ${suggestion(name, known)}`);
  }
}

/** A queue's compute environments exist, and none is named twice. */
export const queuesHaveTheirComputeEnvironments: Rule = (checked, report) => {
  for (const [queue, { computeEnvironments }] of Object.entries(checked.config.jobQueues)) {
    for (const [index, name] of computeEnvironments.entries()) {
      const path = ['jobQueues', queue, 'computeEnvironments', index];
      demand(checked, report, 'computeEnvironments', name, path);
      if (computeEnvironments.indexOf(name) < index) report(path, 'is in this list already');
    }
  }
};

export const queuesHaveTheirSchedulingPolicy: Rule = (checked, report) => {
  for (const [queue, { schedulingPolicy }] of Object.entries(checked.config.jobQueues)) {
    if (schedulingPolicy === undefined) continue;
    demand(checked, report, 'schedulingPolicies', schedulingPolicy, ['jobQueues', queue, 'schedulingPolicy']);
  }
};

/** What is submitted exists, and so does the queue it is submitted to. */
export const submissionsHaveTheirQueueAndDefinition: Rule = (checked, report) => {
  for (const { path, submission } of submissions(checked.config)) {
    demand(checked, report, 'jobQueues', submission.jobQueue, [...path, 'jobQueue']);
    demand(checked, report, 'jobDefinitions', submission.jobDefinition, [...path, 'jobDefinition']);
  }
};

const grantable = {
  read: { kind: 'bucket', section: 'buckets' },
  write: { kind: 'bucket', section: 'buckets' },
  readWrite: { kind: 'bucket', section: 'buckets' },
  publish: { kind: 'topic', section: 'topics' },
} as const;

const isVerb = (verb: string): verb is keyof typeof grantable => Object.hasOwn(grantable, verb);

/** `[verb, resource]` of each grant: a grant has exactly one verb. */
const verbsOf = ({ grants }: JobDefinition): (readonly [index: number, verb: string, resource: string])[] =>
  grants.flatMap((grant, index) => Object.entries(grant).map(([verb, resource]) => [index, verb, resource] as const));

/** A grant is a verb and a resource that knows it: objects are read from a bucket, messages published to a topic. */
export const grantsFitTheirResource: Rule = (checked, report) => {
  for (const [name, definition] of Object.entries(checked.config.jobDefinitions)) {
    for (const [index, verb, resource] of verbsOf(definition)) {
      if (!isVerb(verb)) continue;
      const { kind, section } = grantable[verb];
      const path = ['jobDefinitions', name, 'grants', index, verb];
      const [found, rest] = [resource.slice(0, resource.indexOf('.')), resource.slice(resource.indexOf('.') + 1)];
      if (found !== kind) report(path, `must be ${kind}.NAME: "${verb}" is granted on a ${kind}`);
      else demand(checked, report, section, rest, path);
    }
  }
};
