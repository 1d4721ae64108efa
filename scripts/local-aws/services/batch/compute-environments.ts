import { randomUUID } from 'node:crypto';
import type { ComputeEnvironmentDetail } from '@aws-sdk/client-batch';
import { checkInfrastructureUpdate, updatedResources } from './compute-resource-update.ts';
import { computeResourcesOf } from './compute-resources.ts';
import { clientException, refused } from './errors.ts';
import { checkName } from './names.ts';
import { page } from './paging.ts';
import { arnOf, type BatchHandlers, type BatchState, type ComputeEnvironment, lingersFor, nameIn } from './state.ts';

/** docs.aws.amazon.com/batch/latest/userguide/service_limits.html */
const mostEnvironments = 50;

/** What holds where an update sets only one of them. Before any update an environment shows no policy. */
const defaultUpdatePolicy = { terminateJobsOnUpdate: false, jobExecutionTimeoutMinutes: 30 };

/** Finds a compute environment that is not deleted, by name or ARN. */
export function findEnvironment(state: BatchState, reference: string): ComputeEnvironment | undefined {
  const found = state.environments.get(nameIn(reference));
  return found?.status === 'DELETED' ? undefined : found;
}

function existingEnvironment(state: BatchState, reference: string): ComputeEnvironment {
  const found = findEnvironment(state, reference);
  if (found === undefined) throw clientException(`${reference} does not exist`);
  return found;
}

export function computeEnvironmentHandlers(state: BatchState, reschedule: () => void): BatchHandlers {
  return {
    CreateComputeEnvironment(input) {
      const name = input.computeEnvironmentName;
      checkName('computeEnvironmentName', name);
      if (findEnvironment(state, name) !== undefined) throw clientException('Object already exists');
      if (countOf(state) >= mostEnvironments)
        throw clientException(`Limit exceeded: ${mostEnvironments} compute environments`);
      if (input.type !== 'MANAGED') throw refused('the embedded AWS has no UNMANAGED compute environments');
      if (input.state === 'DISABLED') throw refused('compute environment must be created in state ENABLED');
      const environment = newEnvironment(state, name, {
        resources: computeResourcesOf(input.computeResources),
        ...(input.serviceRole !== undefined && { serviceRole: input.serviceRole }),
        tags: { ...input.tags },
      });
      state.environments.set(name, environment);
      settleTo(state, environment, 'VALID', reschedule);
      return { computeEnvironmentName: name, computeEnvironmentArn: environment.arn };
    },

    UpdateComputeEnvironment(input) {
      const environment = existingEnvironment(state, input.computeEnvironment);
      if (isChanging(environment)) throw clientException('Cannot update, resource is being modified');
      checkInfrastructureUpdate(environment, input);
      if (input.computeResources !== undefined)
        environment.resources = updatedResources(environment.resources, input.computeResources);
      environment.state = input.state ?? environment.state;
      environment.serviceRole = input.serviceRole ?? environment.serviceRole;
      if (input.updatePolicy !== undefined)
        environment.updatePolicy = { ...defaultUpdatePolicy, ...environment.updatePolicy, ...input.updatePolicy };
      environment.status = 'UPDATING';
      settleTo(state, environment, 'VALID', reschedule);
      return { computeEnvironmentName: environment.name, computeEnvironmentArn: environment.arn };
    },

    DeleteComputeEnvironment(input) {
      const environment = existingEnvironment(state, input.computeEnvironment);
      if (environment.state !== 'DISABLED') throw clientException('Cannot delete, state must be DISABLED');
      if (isChanging(environment)) throw clientException('Cannot delete, resource is being modified');
      if (isAttached(state, environment)) throw clientException('Cannot delete, found existing JobQueue relationship');
      environment.status = 'DELETING';
      settleTo(state, environment, 'DELETED', reschedule);
      return {};
    },

    DescribeComputeEnvironments(input) {
      const wanted = input.computeEnvironments?.map(nameIn);
      const shown = [...state.environments.values()].filter(
        (each) => isShown(state, each) && (wanted === undefined || wanted.length === 0 || wanted.includes(each.name)),
      );
      const { items, nextToken } = page(shown, input);
      return { computeEnvironments: items.map(environmentDetail), nextToken };
    },
  };
}

const isChanging = ({ status }: ComputeEnvironment): boolean =>
  status === 'CREATING' || status === 'UPDATING' || status === 'DELETING';

const countOf = (state: BatchState): number =>
  [...state.environments.values()].filter((each) => each.status !== 'DELETED').length;

const isAttached = (state: BatchState, { arn }: ComputeEnvironment): boolean =>
  state.detaching.has(arn) ||
  [...state.queues.values()].some(
    (queue) => queue.status !== 'DELETED' && queue.environments.some((each) => each.computeEnvironment === arn),
  );

const isShown = (state: BatchState, { deletedAt }: ComputeEnvironment): boolean =>
  deletedAt === undefined || state.world.clock.now() - deletedAt < lingersFor;

function newEnvironment(
  state: BatchState,
  name: string,
  given: Pick<ComputeEnvironment, 'resources' | 'tags'> & Partial<Pick<ComputeEnvironment, 'serviceRole'>>,
): ComputeEnvironment {
  const { partition, region, account } = state.world;
  const uuid = randomUUID();
  return {
    name,
    uuid,
    arn: arnOf(state.world, `compute-environment/${name}`),
    ecsClusterArn: `arn:${partition}:ecs:${region}:${account}:cluster/AWSBatch-${name}-${uuid}`,
    state: 'ENABLED',
    status: 'CREATING',
    statusReason: '',
    serviceRole: `arn:${partition}:iam::${account}:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch`,
    ...given,
  };
}

function settleTo(
  state: BatchState,
  environment: ComputeEnvironment,
  status: 'VALID' | 'DELETED',
  reschedule: () => void,
): void {
  state.settle(() => {
    environment.status = status;
    environment.statusReason = status === 'VALID' ? 'ComputeEnvironment Healthy' : '';
    if (status === 'DELETED') environment.deletedAt = state.world.clock.now();
    reschedule();
  });
}

const environmentDetail = (environment: ComputeEnvironment): ComputeEnvironmentDetail => ({
  computeEnvironmentName: environment.name,
  computeEnvironmentArn: environment.arn,
  ecsClusterArn: environment.ecsClusterArn,
  tags: environment.tags,
  type: 'MANAGED',
  state: environment.state,
  status: environment.status,
  statusReason: environment.statusReason,
  computeResources: environment.resources,
  serviceRole: environment.serviceRole,
  updatePolicy: environment.updatePolicy,
  containerOrchestrationType: 'ECS',
  uuid: environment.uuid,
});
