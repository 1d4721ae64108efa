import type { ContainerOverrides, ContainerProperties, KeyValuePair, ResourceRequirement } from '@aws-sdk/client-batch';
import { refused } from './errors.ts';
import { checkFargateSize } from './fargate-sizes.ts';

/** Checks a definition's container and fills in what Batch fills in when it answers. */
export function registeredContainer(given: ContainerProperties, fargate: boolean): ContainerProperties {
  checkEnvironment(given.environment ?? []);
  if (given.image === undefined || given.image === '') throw refused('image is required');
  if (given.image.length > 255) throw refused('image must have at most 255 characters');
  if (fargate) checkForFargate(given);
  else checkForEc2(given);
  checkSize(given, fargate);
  checkMounts(given);
  return {
    ...given,
    command: given.command ?? [],
    volumes: given.volumes ?? [],
    environment: given.environment ?? [],
    mountPoints: given.mountPoints ?? [],
    ulimits: given.ulimits ?? [],
    resourceRequirements: given.resourceRequirements ?? [],
    secrets: given.secrets ?? [],
    ...(given.logConfiguration !== undefined && {
      logConfiguration: { options: {}, secretOptions: [], ...given.logConfiguration },
    }),
    ...(given.linuxParameters !== undefined && {
      linuxParameters: { devices: [], tmpfs: [], ...given.linuxParameters },
    }),
    ...(fargate && {
      fargatePlatformConfiguration: { platformVersion: 'LATEST', ...given.fargatePlatformConfiguration },
    }),
  };
}

/** A definition's container with what a submission overrides, and with its parameters in the command. */
export function overriddenContainer(
  container: ContainerProperties,
  overrides: ContainerOverrides,
  parameters: Readonly<Record<string, string>>,
  fargate: boolean,
): ContainerProperties {
  checkEnvironment(overrides.environment ?? []);
  if (overrides.command?.includes('')) throw refused('containerOverrides.command must not hold an empty string');
  if (fargate && (overrides.vcpus !== undefined || overrides.memory !== undefined))
    throw refused('vcpus and memory are not applicable for Fargate; use resourceRequirements');
  const command = overrides.command ?? container.command ?? [];
  const result = {
    ...container,
    ...(overrides.instanceType !== undefined && { instanceType: overrides.instanceType }),
    ...(overrides.vcpus !== undefined && { vcpus: overrides.vcpus }),
    ...(overrides.memory !== undefined && { memory: overrides.memory }),
    command: command.map((token) => substituted(token, parameters)),
    environment: merged(container.environment, overrides.environment, (each) => each.name),
    resourceRequirements: merged(container.resourceRequirements, overrides.resourceRequirements, (each) => each.type),
  };
  checkSize(result, fargate);
  return result;
}

/** vCPUs and MiB of a container; the old fields `vcpus` and `memory` count where resourceRequirements are silent. */
export function sizeOf(container: ContainerProperties): { readonly vcpus: number; readonly memoryMiB: number } {
  const required = (type: ResourceRequirement['type']): number | undefined => {
    const value = container.resourceRequirements?.find((each) => each.type === type)?.value;
    return value === undefined ? undefined : Number(value);
  };
  return { vcpus: required('VCPU') ?? container.vcpus ?? 0, memoryMiB: required('MEMORY') ?? container.memory ?? 0 };
}

function checkSize(container: ContainerProperties, fargate: boolean): void {
  const { vcpus, memoryMiB } = sizeOf(container);
  if (!(vcpus > 0)) throw refused('vCPU is required');
  if (!(memoryMiB >= 4)) throw refused('memory is required, at least 4 MiB');
  if (fargate) checkFargateSize(vcpus, memoryMiB);
  else if (!Number.isInteger(vcpus)) throw refused(`vCPU must be a whole number on EC2, not ${vcpus}`);
}

function checkForFargate(given: ContainerProperties): void {
  if (given.executionRoleArn === undefined) throw refused('executionRoleArn is required for Fargate.');
  for (const field of ['vcpus', 'memory', 'instanceType'] as const)
    if (given[field] !== undefined) throw refused(`${field} is not applicable for Fargate.`);
  if (given.privileged === true) throw refused('privileged is not applicable for Fargate.');
  if ((given.ulimits?.length ?? 0) > 0) throw refused('ulimits is not applicable for Fargate.');
  for (const field of ['devices', 'sharedMemorySize', 'tmpfs', 'maxSwap', 'swappiness'] as const)
    if (given.linuxParameters?.[field] !== undefined) throw refused(`${field} is not applicable for Fargate.`);
  if (given.resourceRequirements?.some(({ type }) => type === 'GPU'))
    throw refused('GPU is not applicable for Fargate.');
  if (given.volumes?.some(({ host }) => host?.sourcePath !== undefined))
    throw refused('host.sourcePath is not applicable for Fargate.');
}

function checkForEc2(given: ContainerProperties): void {
  for (const field of ['networkConfiguration', 'fargatePlatformConfiguration', 'ephemeralStorage'] as const)
    if (given[field] !== undefined) throw refused(`${field} not applicable for EC2.`);
  for (const { type, value } of given.resourceRequirements ?? [])
    if (type === 'GPU' && !/^[1-9]\d*$/.test(value ?? '')) throw refused(`GPU must be a whole number, not ${value}`);
}

/** ECS knows no volume but those of the task. */
function checkMounts({ mountPoints = [], volumes = [] }: ContainerProperties): void {
  const names = new Set(volumes.map(({ name }) => name));
  const unknown = mountPoints.find(({ sourceVolume }) => !names.has(sourceVolume));
  if (unknown !== undefined) throw refused(`Unknown volume '${unknown.sourceVolume}'.`);
}

function checkEnvironment(environment: readonly KeyValuePair[]): void {
  for (const { name = '' } of environment)
    if (name.startsWith('AWS_BATCH'))
      throw refused(`Environment variable ${name}: names must not start with AWS_BATCH`);
}

function merged<T>(base: readonly T[] = [], over: readonly T[] = [], key: (item: T) => string | undefined): T[] {
  const replaced = new Set(over.map(key));
  return [...base.filter((item) => !replaced.has(key(item))), ...over];
}

/** `Ref::name` stands for a parameter; one that has no value stays as it is. */
const substituted = (token: string, parameters: Readonly<Record<string, string>>): string =>
  token.replace(/Ref::([\w-]+)/g, (placeholder, name: string) => parameters[name] ?? placeholder);
