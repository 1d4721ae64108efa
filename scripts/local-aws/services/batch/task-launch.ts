import { join } from 'node:path';
import {
  type Container,
  type ContainerSpec,
  ContainerStartError,
  cannotPull,
  startContainer,
} from '../../runtime/container.ts';
import type { ContainerCredentials, GrantedCredentials } from '../../runtime/container-credentials.ts';
import { findContainerEngine, noContainerEngine, startEngineContainer } from '../../runtime/container-engine.ts';
import { AwsError } from '../../wire/errors.ts';
import type { Caller, World } from '../../world.ts';
import type { Job } from './state.ts';

/** RunTask's limit on overrides (docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html). */
const longestOverrides = 8192;

/** ECS starts containers as their execution role; on EC2 a job may have none, and then the instance's is at work. */
export const executionCaller = ({ container: { executionRoleArn } }: Job, taskId: string): Caller | undefined =>
  executionRoleArn === undefined ? undefined : { type: 'role', roleArn: executionRoleArn, session: taskId };

/** An image of the embedded registry runs as a process; any other needs an engine. Throws ContainerStartError. */
export async function launchContainer(
  world: World,
  engines: readonly string[],
  image: string,
  spec: ContainerSpec,
  puller?: Caller,
): Promise<Container> {
  if (puller !== undefined && isOfEcr(image)) requireRegistryLogin(world, puller);
  const unpacked = await world.ports.images.pull(image, puller).catch((error: unknown) => {
    if (!(error instanceof AwsError)) throw error;
    throw cannotPull(image, error.message);
  });
  if (unpacked !== undefined) return startContainer(unpacked, spec, join(world.directory, 'batch', spec.name));
  const engine = await findContainerEngine(engines);
  if (engine === undefined) throw noContainerEngine(image, engines);
  return startEngineContainer(engine, image, spec);
}

const isOfEcr = (image: string): boolean => /^\d{12}\.dkr\.ecr\.[^.]+\.amazonaws\.com/.test(image);

/** Throws ContainerStartError in the words of Fargate's agent. */
function requireRegistryLogin(world: World, puller: Caller): void {
  try {
    world.ports.authority.require(puller, 'ecr:GetAuthorizationToken', '*');
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new ContainerStartError(
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to ' +
        `retrieve ecr registry auth: service call has been retried 1 time(s): ${error.code}: ${error.message}`,
      'task',
    );
  }
}

/** ECS assumes the execution role and the job's role before it starts anything. */
export function grantRoles(
  job: Job,
  session: string,
  credentials: ContainerCredentials,
): GrantedCredentials | undefined {
  const { executionRoleArn, jobRoleArn } = job.container;
  if (executionRoleArn !== undefined) grant(executionRoleArn, session, credentials).revoke();
  return jobRoleArn === undefined ? undefined : grant(jobRoleArn, session, credentials);
}

function grant(roleArn: string, session: string, credentials: ContainerCredentials): GrantedCredentials {
  try {
    return credentials.grant(roleArn, session);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new ContainerStartError(
      `ECS was unable to assume the role '${roleArn}' that was provided for this task. Please verify that the role being ` +
        'passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this ' +
        `role. (${error.message})`,
      'task',
    );
  }
}

/** Throws ContainerStartError for what ECS refuses before it starts a container. */
export function checkTask({ overridesLength }: Job): void {
  if (overridesLength > longestOverrides)
    throw new ContainerStartError(`Container Overrides length must be at most ${longestOverrides}`, 'task');
}
