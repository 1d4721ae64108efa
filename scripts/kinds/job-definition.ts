import {
  type ContainerProperties,
  DeregisterJobDefinitionCommand,
  type EvaluateOnExit,
  type JobDefinition,
  paginateDescribeJobDefinitions,
  RegisterJobDefinitionCommand,
  type RetryAction,
} from '@aws-sdk/client-batch';
import type { Aws } from '../aws/clients.ts';
import { adopt, oursOrNamed, ownerIn, ownerTags } from '../aws/ownership.ts';
import type { Listing, Observed, ResourceKind } from '../reconcile/kind.ts';
import { nameInArn } from './arn.ts';
import { definitionsInUse } from './definitions-in-use.ts';
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
  /** Beside those that say where the log is. */
  readonly logOptions: Readonly<Record<string, string>>;
  /** Variable → SSM parameter or ARN. Never a value. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly architecture: 'X86_64' | 'ARM64';
  /** GiB; `null` for what Fargate gives by itself. */
  readonly ephemeralStorage: number | null;
  /** Without it a job in a public subnet cannot pull its image. */
  readonly assignPublicIp: boolean;
  readonly propagateTags: boolean;
  readonly schedulingPriority: number | null;
}

const exitRuleOf = ({ action, onReason, onStatusReason, onExitCode }: EvaluateOnExit): ExitRule => ({
  // AWS takes it in any case and keeps what it took.
  action: action?.toUpperCase() === 'RETRY' ? 'RETRY' : 'EXIT',
  onReason: onReason ?? null,
  onStatusReason: onStatusReason ?? null,
  onExitCode: onExitCode ?? null,
});

type Container = ContainerProperties | undefined;

const processOf = (container: Container) => ({
  image: container?.image ?? '',
  command: container?.command ?? [],
  environment: Object.fromEntries((container?.environment ?? []).map(({ name = '', value = '' }) => [name, value])),
  secrets: Object.fromEntries((container?.secrets ?? []).map(({ name = '', valueFrom = '' }) => [name, valueFrom])),
});

function sizeOf(container: Container) {
  const required = (type: string): number =>
    Number(container?.resourceRequirements?.find((requirement) => requirement.type === type)?.value ?? 0);
  return {
    vcpus: required('VCPU'),
    memory: required('MEMORY'),
    ephemeralStorage: container?.ephemeralStorage?.sizeInGiB ?? null,
    architecture: container?.runtimePlatform?.cpuArchitecture === 'ARM64' ? ('ARM64' as const) : ('X86_64' as const),
  };
}

function loggingOf(container: Container) {
  const {
    'awslogs-group': logGroup = '/aws/batch/job',
    'awslogs-region': _region,
    'awslogs-stream-prefix': _prefix,
    ...logOptions
  } = container?.logConfiguration?.options ?? {};
  return { logGroup, logOptions };
}

/**
 * What AWS fills in (empty lists, `fargatePlatformConfiguration`, a retry strategy of one attempt) says nothing: only
 * what a definition of ours can differ in is compared, or every plan would show noise.
 */
function toSpec(live: JobDefinition): JobDefinitionSpec {
  const container = live.containerProperties;
  return {
    name: live.jobDefinitionName ?? '',
    ...processOf(container),
    ...sizeOf(container),
    ...loggingOf(container),
    parameters: live.parameters ?? {},
    attempts: live.retryStrategy?.attempts ?? 1,
    evaluateOnExit: (live.retryStrategy?.evaluateOnExit ?? []).map(exitRuleOf),
    timeoutSeconds: live.timeout?.attemptDurationSeconds ?? null,
    jobRoleArn: container?.jobRoleArn ?? null,
    executionRoleArn: container?.executionRoleArn ?? '',
    assignPublicIp: container?.networkConfiguration?.assignPublicIp === 'ENABLED',
    propagateTags: live.propagateTags ?? false,
    schedulingPriority: live.schedulingPriority ?? null,
  };
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

async function list(aws: Aws, names: readonly string[]): Promise<Listing<LiveJobDefinition>> {
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
  secrets: Object.entries(desired.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
  ...(desired.ephemeralStorage === null ? {} : { ephemeralStorage: { sizeInGiB: desired.ephemeralStorage } }),
  // X86_64 is what Batch takes where nothing is said.
  ...(desired.architecture === 'X86_64'
    ? {}
    : { runtimePlatform: { cpuArchitecture: desired.architecture, operatingSystemFamily: 'LINUX' } }),
  ...(desired.jobRoleArn === null ? {} : { jobRoleArn: desired.jobRoleArn }),
  executionRoleArn: desired.executionRoleArn,
  networkConfiguration: { assignPublicIp: desired.assignPublicIp ? ('ENABLED' as const) : ('DISABLED' as const) },
  logConfiguration: {
    logDriver: 'awslogs' as const,
    options: {
      ...desired.logOptions,
      'awslogs-group': desired.logGroup,
      'awslogs-region': aws.region,
      'awslogs-stream-prefix': desired.name,
    },
  },
});

/** A revision never changes, so creating and updating are one: the next revision is registered. */
async function register(aws: Aws, desired: JobDefinitionSpec): Promise<void> {
  const { name, parameters, attempts, evaluateOnExit, timeoutSeconds, propagateTags, schedulingPriority } = desired;
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
      propagateTags,
      ...(schedulingPriority === null ? {} : { schedulingPriority }),
      tags: ownerTags(aws),
    }),
  );
}

/** The latest was registered a moment ago and is not among `before`, which has the latest of its time first. */
async function prune(aws: Aws, name: string, before: readonly string[], keep: number): Promise<void> {
  const surplus = before.slice(keep - 1);
  if (surplus.length === 0) return;
  const inUse = await definitionsInUse(aws, name);
  await deregister(
    aws,
    surplus.filter((arn) => !inUse.has(arn)),
  );
}

async function deregister(aws: Aws, revisionArns: readonly string[]): Promise<void> {
  for (const jobDefinition of revisionArns) {
    await aws.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition }));
  }
}

/**
 * A Batch job definition for Fargate: its latest ACTIVE revision. Older ones stay, for jobs that name them: of each
 * definition as many as `kept` says, by its name, or all.
 */
export const jobDefinitionKind = (
  aws: Aws,
  kept: ReadonlyMap<string, number> = new Map(),
): ResourceKind<JobDefinitionSpec, LiveJobDefinition> => ({
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
  update: async ({ revisionArns }, desired) => {
    await register(aws, desired);
    await prune(aws, desired.name, revisionArns, kept.get(desired.name) ?? Infinity);
  },
  delete: ({ revisionArns }) => deregister(aws, revisionArns),
  adopt: ({ latest: { jobDefinitionArn = '' } }) => adopt(aws, jobDefinitionArn),
});
