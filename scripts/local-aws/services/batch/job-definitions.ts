import type { JobDefinition as JobDefinitionDetail } from '@aws-sdk/client-batch';
import { registeredContainer } from './container-properties.ts';
import { refused } from './errors.ts';
import { checkName } from './names.ts';
import { page } from './paging.ts';
import { checkedRetryStrategy } from './retry-strategy.ts';
import { arnOf, type BatchHandlers, type BatchState, type JobDefinition, nameIn } from './state.ts';

/** docs.aws.amazon.com/batch/latest/userguide/service_limits.html: "maximum job definition size (for API)". */
const largestDefinition = 24 * 1024;

type Registration = Parameters<NonNullable<BatchHandlers['RegisterJobDefinition']>>[0];

export function jobDefinitionHandlers(state: BatchState): BatchHandlers {
  return {
    RegisterJobDefinition(input) {
      const revisions = state.definitions.get(input.jobDefinitionName) ?? [];
      const definition = registered(state, input, revisions.length + 1);
      state.definitions.set(definition.name, [...revisions, definition]);
      return {
        jobDefinitionName: definition.name,
        jobDefinitionArn: definition.arn,
        revision: definition.revision,
      };
    },

    DeregisterJobDefinition({ jobDefinition }) {
      if (!nameIn(jobDefinition).includes(':'))
        throw refused(`${jobDefinition} should have a revision: name:revision or an ARN`);
      const definition = findRevision(state, jobDefinition);
      if (definition === undefined) throw refused(`JobDefinition ${jobDefinition} not found`);
      definition.status = 'INACTIVE';
      return {};
    },

    DescribeJobDefinitions(input) {
      const wanted = input.jobDefinitions;
      if ((wanted?.length ?? 0) > 100) throw refused('Maximum number of job definitions supported is 100');
      if (wanted !== undefined && wanted.length > 0 && (input.jobDefinitionName ?? input.status) !== undefined)
        throw refused('jobDefinitions cannot be used with other parameters');
      const found =
        wanted !== undefined && wanted.length > 0
          ? wanted.flatMap((reference) => describedBy(state, reference))
          : [...state.definitions.values()].flatMap((revisions) => revisions.toReversed());
      const shown = found.filter(
        (each) =>
          (input.jobDefinitionName === undefined || each.name === input.jobDefinitionName) &&
          (input.status === undefined || each.status === input.status),
      );
      const { items, nextToken } = page(shown, input);
      return { jobDefinitions: items.map(definitionDetail), nextToken };
    },
  };
}

/** What a submission means by a definition: the revision it names, or else the latest active one. */
export function findActiveDefinition(state: BatchState, reference: string): JobDefinition | undefined {
  const named = findRevision(state, reference);
  if (named !== undefined) return named.status === 'ACTIVE' ? named : undefined;
  return state.definitions.get(nameIn(reference))?.findLast((each) => each.status === 'ACTIVE');
}

function findRevision(state: BatchState, reference: string): JobDefinition | undefined {
  const [name = '', revision] = nameIn(reference).split(':');
  return revision === undefined ? undefined : state.definitions.get(name)?.[Number(revision) - 1];
}

function describedBy(state: BatchState, reference: string): readonly JobDefinition[] {
  const revision = findRevision(state, reference);
  return revision === undefined ? (state.definitions.get(nameIn(reference))?.toReversed() ?? []) : [revision];
}

function registered(state: BatchState, input: Registration, revision: number): JobDefinition {
  const name = input.jobDefinitionName;
  checkName('jobDefinitionName', name);
  const size = Buffer.byteLength(JSON.stringify(input));
  if (size > largestDefinition)
    throw refused(`job definition size ${size} exceeds the maximum of ${largestDefinition} bytes`);
  if (input.type !== 'container' || input.containerProperties === undefined)
    throw refused('the embedded AWS runs job definitions of type container with containerProperties only');
  if (Object.keys(input.tags ?? {}).length > 50) throw refused('a job definition takes at most 50 tags');
  const seconds = input.timeout?.attemptDurationSeconds;
  return {
    name,
    revision,
    arn: arnOf(state.world, `job-definition/${name}:${revision}`),
    status: 'ACTIVE',
    type: 'container',
    container: registeredContainer(input.containerProperties, input.platformCapabilities?.includes('FARGATE') === true),
    parameters: { ...input.parameters },
    propagateTags: input.propagateTags ?? false,
    tags: { ...input.tags },
    ...(input.platformCapabilities !== undefined && { platformCapabilities: input.platformCapabilities }),
    ...(input.schedulingPriority !== undefined && { schedulingPriority: input.schedulingPriority }),
    ...(input.retryStrategy !== undefined && { retryStrategy: checkedRetryStrategy(input.retryStrategy) }),
    ...(seconds !== undefined && { timeoutSeconds: checkedTimeout(seconds) }),
  };
}

/** docs.aws.amazon.com/batch/latest/userguide/job_timeouts.html: "The minimum value for the timeout is 60 seconds." */
export function checkedTimeout(seconds: number): number {
  if (!Number.isInteger(seconds) || seconds < 60)
    throw refused(`attemptDurationSeconds must be at least 60, not ${seconds}`);
  return seconds;
}

const definitionDetail = (definition: JobDefinition): JobDefinitionDetail => ({
  jobDefinitionName: definition.name,
  jobDefinitionArn: definition.arn,
  revision: definition.revision,
  status: definition.status,
  type: definition.type,
  schedulingPriority: definition.schedulingPriority,
  parameters: definition.parameters,
  retryStrategy: definition.retryStrategy,
  containerProperties: definition.container,
  timeout: definition.timeoutSeconds === undefined ? undefined : { attemptDurationSeconds: definition.timeoutSeconds },
  tags: definition.tags,
  propagateTags: definition.propagateTags,
  platformCapabilities: definition.platformCapabilities,
  containerOrchestrationType: 'ECS',
});
