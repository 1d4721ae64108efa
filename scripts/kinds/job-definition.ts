import {
  DeregisterJobDefinitionCommand,
  type EvaluateOnExit,
  type JobDefinition,
  paginateDescribeJobDefinitions,
  RegisterJobDefinitionCommand,
  type RetryAction,
} from '@aws-sdk/client-batch';
import type { Aws } from '../aws/clients.ts';
import { oursOrNamed, ownerIn, ownerTags } from '../aws/ownership.ts';
import type { Observed, ResourceKind } from '../reconcile/kind.ts';
import { nameInArn } from './arn.ts';
import { imageReference } from './image.ts';

interface ExitRule {
  readonly action: RetryAction;
  readonly onReason: string | null;
  readonly onStatusReason: string | null;
  readonly onExitCode: string | null;
}

export interface JobDefinitionSpec {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly vcpus: number;
  /** MiB */
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly attempts: number;
  /** In the order in which they are tried. */
  readonly evaluateOnExit: readonly ExitRule[];
  /** Of one attempt; `null` for none. */
  readonly timeoutSeconds: number | null;
  /** What the job may do. */
  readonly jobRoleArn: string | null;
  /** What pulls its image and writes its log. */
  readonly executionRoleArn: string;
  readonly logGroup: string;
  /** Without it a job in a public subnet cannot pull its image. */
  readonly assignPublicIp: boolean;
}

const exitRuleOf = ({ action, onReason, onStatusReason, onExitCode }: EvaluateOnExit): ExitRule => ({
  // AWS takes it in any case and keeps what it took.
  action: action?.toUpperCase() === 'RETRY' ? 'RETRY' : 'EXIT',
  onReason: onReason ?? null,
  onStatusReason: onStatusReason ?? null,
  onExitCode: onExitCode ?? null,
});

/**
 * What AWS fills in (empty lists, `fargatePlatformConfiguration`, a retry strategy of one attempt) says nothing: only
 * what a definition of ours can differ in is compared, or every plan would show noise.
 */
function toSpec({ jobDefinitionName, parameters, retryStrategy, timeout, containerProperties: c }: JobDefinition) {
  const required = (type: string): number =>
    Number(c?.resourceRequirements?.find((requirement) => requirement.type === type)?.value ?? 0);
  return {
    name: jobDefinitionName ?? '',
    image: c?.image ?? '',
    command: c?.command ?? [],
    vcpus: required('VCPU'),
    memory: required('MEMORY'),
    environment: Object.fromEntries((c?.environment ?? []).map(({ name = '', value = '' }) => [name, value])),
    parameters: parameters ?? {},
    attempts: retryStrategy?.attempts ?? 1,
    evaluateOnExit: (retryStrategy?.evaluateOnExit ?? []).map(exitRuleOf),
    timeoutSeconds: timeout?.attemptDurationSeconds ?? null,
    jobRoleArn: c?.jobRoleArn ?? null,
    executionRoleArn: c?.executionRoleArn ?? '',
    logGroup: c?.logConfiguration?.options?.['awslogs-group'] ?? '/aws/batch/job',
    assignPublicIp: c?.networkConfiguration?.assignPublicIp === 'ENABLED',
  } satisfies JobDefinitionSpec;
}

/** All ACTIVE revisions, the latest first: that is the one a name without revision means. */
interface LiveJobDefinition {
  readonly latest: JobDefinition;
  readonly revisionArns: readonly string[];
}

async function activeRevisions(aws: Aws): Promise<Map<string, JobDefinition[]>> {
  const byName = new Map<string, JobDefinition[]>();
  for await (const page of paginateDescribeJobDefinitions({ client: aws.batch }, { status: 'ACTIVE' })) {
    aws.signal.throwIfAborted();
    for (const definition of page.jobDefinitions ?? []) {
      const { jobDefinitionName: name = '' } = definition;
      byName.set(name, [...(byName.get(name) ?? []), definition]);
    }
  }
  return byName;
}

async function list(aws: Aws, names: readonly string[]): Promise<Observed<LiveJobDefinition>[]> {
  const observed: Observed<LiveJobDefinition>[] = [];
  for (const [name, unsorted] of await activeRevisions(aws)) {
    const revisions = unsorted.toSorted((a, b) => (b.revision ?? 0) - (a.revision ?? 0));
    const [latest] = revisions;
    if (latest === undefined) continue;
    // A revision that a hand registered carries no tag: it is drift of ours as long as one before it is ours.
    const isOurs = revisions.some(({ tags }) => ownerIn(tags) === aws.owner);
    const owner = isOurs ? aws.owner : ownerIn(latest.tags);
    const revisionArns = revisions.flatMap(({ jobDefinitionArn }) => jobDefinitionArn ?? []);
    observed.push({ name, live: { latest, revisionArns }, owner });
  }
  return oursOrNamed(aws, names, observed);
}

const present = ({ action, onReason, onStatusReason, onExitCode }: ExitRule): EvaluateOnExit => ({
  action,
  ...(onReason === null ? {} : { onReason }),
  ...(onStatusReason === null ? {} : { onStatusReason }),
  ...(onExitCode === null ? {} : { onExitCode }),
});

const containerOf = (aws: Aws, desired: JobDefinitionSpec) => ({
  image: desired.image,
  command: [...desired.command],
  resourceRequirements: [
    { type: 'VCPU' as const, value: String(desired.vcpus) },
    { type: 'MEMORY' as const, value: String(desired.memory) },
  ],
  environment: Object.entries(desired.environment).map(([name, value]) => ({ name, value })),
  ...(desired.jobRoleArn === null ? {} : { jobRoleArn: desired.jobRoleArn }),
  executionRoleArn: desired.executionRoleArn,
  networkConfiguration: { assignPublicIp: desired.assignPublicIp ? ('ENABLED' as const) : ('DISABLED' as const) },
  logConfiguration: {
    logDriver: 'awslogs' as const,
    options: {
      'awslogs-group': desired.logGroup,
      'awslogs-region': aws.region,
      'awslogs-stream-prefix': desired.name,
    },
  },
});

/** A revision never changes, so creating and updating are one: the next revision is registered. */
async function register(aws: Aws, desired: JobDefinitionSpec): Promise<void> {
  const { name, parameters, attempts, evaluateOnExit, timeoutSeconds } = desired;
  await aws.batch.send(
    new RegisterJobDefinitionCommand({
      jobDefinitionName: name,
      type: 'container',
      platformCapabilities: ['FARGATE'],
      parameters: { ...parameters },
      retryStrategy: {
        attempts,
        ...(evaluateOnExit.length === 0 ? {} : { evaluateOnExit: evaluateOnExit.map(present) }),
      },
      ...(timeoutSeconds === null ? {} : { timeout: { attemptDurationSeconds: timeoutSeconds } }),
      containerProperties: containerOf(aws, desired),
      tags: ownerTags(aws),
    }),
  );
}

/** A Batch job definition for Fargate: its latest ACTIVE revision. Older ones stay, for jobs that name them. */
export const jobDefinitionKind = (aws: Aws): ResourceKind<JobDefinitionSpec, LiveJobDefinition> => ({
  kind: 'job-definition',
  immutable: [],
  references: ({ image, jobRoleArn, executionRoleArn, logGroup }) => [
    ...imageReference(image),
    ...[jobRoleArn, executionRoleArn].flatMap((arn) => (arn === null ? [] : { kind: 'role', name: nameInArn(arn) })),
    { kind: 'log-group', name: logGroup },
  ],
  list: (names) => list(aws, names),
  toSpec: ({ latest }) => toSpec(latest),
  create: (desired) => register(aws, desired),
  update: (_live, desired) => register(aws, desired),
  delete: async ({ revisionArns }) => {
    for (const jobDefinition of revisionArns) {
      await aws.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition }));
    }
  },
});
