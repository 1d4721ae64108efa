import {
  type ContainerProperties,
  type EvaluateOnExit,
  type RegisterJobDefinitionRequest,
  RegisterJobDefinitionRequest$,
  type RetryAction,
} from '@aws-sdk/client-batch';
import type { Value } from '../reconcile/kind.ts';
import { type Fields, isList, plainFields } from '../reconcile/value.ts';
import { canonical, laidOver, without } from './aws-fields.ts';
import { givenTags, taggedWith } from './batch-tags.ts';
import { asRequest, requestShape } from './request-shape.ts';

interface ExitRule {
  readonly action: RetryAction;
  readonly onReason: string | null;
  readonly onStatusReason: string | null;
  readonly onExitCode: string | null;
}

export interface JobDefinitionSpec {
  readonly name: string;
  readonly protect: boolean;
  readonly platform: 'FARGATE' | 'EC2';
  /** Empty for a definition that is not of one container. */
  readonly image: string;
  readonly command: readonly string[];
  readonly vcpus: number;
  /** MiB */
  readonly memory: number;
  readonly gpus: number | null;
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
  readonly executionRoleArn: string | null;
  /** `null` where the log does not go to CloudWatch. */
  readonly logGroup: string | null;
  /** Beside those that say where the log is. */
  readonly logOptions: Readonly<Record<string, string>>;
  /** Variable → SSM parameter or ARN. Never a value. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly architecture: 'X86_64' | 'ARM64';
  /** GiB; `null` for what Fargate gives by itself. */
  readonly ephemeralStorage: number | null;
  /** Without it a job in a public subnet cannot pull its image. */
  readonly assignPublicIp: boolean;
  readonly user: string | null;
  readonly readonlyRootFilesystem: boolean;
  readonly privileged: boolean;
  /** In AWS's own fields, sorted. */
  readonly volumes: readonly Value[];
  /** In AWS's own fields, sorted. */
  readonly mountPoints: readonly Value[];
  readonly propagateTags: boolean;
  readonly schedulingPriority: number | null;
  /** What else RegisterJobDefinition takes. */
  readonly other: Fields;
}

export const registerShape = requestShape(RegisterJobDefinitionRequest$);

const exitRuleOf = ({ action, onReason, onStatusReason, onExitCode }: EvaluateOnExit): ExitRule => ({
  // AWS takes it in any case and keeps what it took.
  action: action?.toUpperCase() === 'RETRY' ? 'RETRY' : 'EXIT',
  onReason: onReason ?? null,
  onStatusReason: onStatusReason ?? null,
  onExitCode: onExitCode ?? null,
});

function sizeOf({ resourceRequirements = [], vcpus = 0, memory = 0 }: ContainerProperties) {
  const required = (type: string): number | undefined => {
    const value = resourceRequirements.find((requirement) => requirement.type === type)?.value;
    return value === undefined ? undefined : Number(value);
  };
  return { vcpus: required('VCPU') ?? vcpus, memory: required('MEMORY') ?? memory, gpus: required('GPU') ?? null };
}

const listIn = (fields: Fields, name: string): readonly Value[] => {
  const value = fields[name];
  return isList(value) ? value : [];
};

function filesystemOf({ readonlyRootFilesystem, privileged, volumes, mountPoints }: ContainerProperties) {
  const lists = canonical({
    volumes: volumes ?? [],
    mountPoints: (mountPoints ?? []).map((each) => ({ ...each, readOnly: each.readOnly ?? false })),
  });
  return {
    readonlyRootFilesystem: readonlyRootFilesystem ?? false,
    privileged: privileged ?? false,
    volumes: listIn(lists, 'volumes'),
    mountPoints: listIn(lists, 'mountPoints'),
  };
}

/** What a stream is named by, and where it is, when nothing is said. */
const streams = (name: string, region: string): Readonly<Record<string, string>> => ({
  'awslogs-region': region,
  'awslogs-stream-prefix': name,
});

function loggingOf(given: ContainerProperties['logConfiguration'], name: string, region: string) {
  if (given?.logDriver !== undefined && given.logDriver !== 'awslogs') {
    return { flat: { logGroup: null, logOptions: {} }, rest: given };
  }
  const { options, logDriver: _, ...rest } = given ?? {};
  // Nothing said is a group of Batch's own.
  const { 'awslogs-group': logGroup = '/aws/batch/job', ...others } = options ?? {};
  const usual = streams(name, region);
  const logOptions = Object.fromEntries(Object.entries(others).filter(([option, value]) => usual[option] !== value));
  return { flat: { logGroup, logOptions }, rest };
}

/** A container in the spec's clothes, and what is in none of the spec's fields. */
function containerOf(container: ContainerProperties, name: string, region: string) {
  const { image = '', command = [], environment = [], secrets = [], user = null, ...process } = container;
  const { jobRoleArn = null, executionRoleArn = null, logConfiguration, runtimePlatform, ...places } = process;
  const { networkConfiguration, ephemeralStorage, fargatePlatformConfiguration, ...resources } = places;
  const { resourceRequirements: _size, vcpus: _vcpus, memory: _memory, ...files } = resources;
  const { readonlyRootFilesystem: _own, privileged: _host, volumes: _volumes, mountPoints: _mounts, ...rest } = files;
  const { assignPublicIp, ...network } = networkConfiguration ?? {};
  const { cpuArchitecture, ...platform } = runtimePlatform ?? {};
  const logging = loggingOf(logConfiguration, name, region);
  return {
    flat: {
      image,
      command,
      environment: Object.fromEntries(environment.map(({ name: variable = '', value = '' }) => [variable, value])),
      secrets: Object.fromEntries(secrets.map(({ name: variable = '', valueFrom = '' }) => [variable, valueFrom])),
      user,
      ...sizeOf(container),
      ...filesystemOf(container),
      ...logging.flat,
      jobRoleArn,
      executionRoleArn,
      architecture: cpuArchitecture === 'ARM64' ? ('ARM64' as const) : ('X86_64' as const),
      ephemeralStorage: ephemeralStorage?.sizeInGiB ?? null,
      assignPublicIp: assignPublicIp === 'ENABLED',
    },
    other: {
      ...without(plainFields(rest), { enableExecuteCommand: false }),
      logConfiguration: logging.rest,
      networkConfiguration: network,
      runtimePlatform: without(plainFields(platform), { operatingSystemFamily: 'LINUX' }),
      fargatePlatformConfiguration: without(plainFields(fargatePlatformConfiguration ?? {}), {
        platformVersion: 'LATEST',
      }),
    },
  };
}

const platformOf = (capabilities: readonly string[]): JobDefinitionSpec['platform'] =>
  capabilities.includes('FARGATE') ? 'FARGATE' : 'EC2';

/**
 * A request or an answer in the spec's clothes. What AWS fills in (empty lists, `fargatePlatformConfiguration`, a retry
 * strategy of one attempt) says nothing, or every plan would show noise.
 */
export function definitionSpec(
  described: Partial<RegisterJobDefinitionRequest>,
  region: string,
  protect: boolean,
): JobDefinitionSpec {
  const { jobDefinitionName: name = '', type, platformCapabilities = [], containerProperties, ...more } = described;
  const { parameters, retryStrategy, timeout, propagateTags, schedulingPriority, tags, ...rest } = more;
  const { flat, other } = containerOf(containerProperties ?? {}, name, region);
  return {
    name,
    protect,
    platform: platformOf(platformCapabilities),
    ...flat,
    parameters: parameters ?? {},
    attempts: retryStrategy?.attempts ?? 1,
    evaluateOnExit: (retryStrategy?.evaluateOnExit ?? []).map(exitRuleOf),
    timeoutSeconds: timeout?.attemptDurationSeconds ?? null,
    propagateTags: propagateTags ?? false,
    schedulingPriority: schedulingPriority ?? null,
    other: canonical({
      ...rest,
      ...(type !== 'container' && { type }),
      // One that runs on both.
      ...(platformCapabilities.length > 1 && { platformCapabilities: platformCapabilities.toSorted() }),
      containerProperties: other,
      tags: givenTags(tags),
    }),
  };
}

const presentRule = ({ action, onReason, onStatusReason, onExitCode }: ExitRule): Fields => ({
  action,
  ...(onReason === null ? {} : { onReason }),
  ...(onStatusReason === null ? {} : { onStatusReason }),
  ...(onExitCode === null ? {} : { onExitCode }),
});

const pairs = <Key extends string>(map: Readonly<Record<string, string>>, key: Key): Value[] =>
  Object.entries(map).map(([name, value]) => ({ name, [key]: value }));

const sizing = ({ vcpus, memory, gpus }: JobDefinitionSpec): Value[] => [
  { type: 'VCPU', value: String(vcpus) },
  { type: 'MEMORY', value: String(memory) },
  ...(gpus === null ? [] : [{ type: 'GPU', value: String(gpus) }]),
];

/** Each platform refuses what only the other has. */
const placing = ({ platform, assignPublicIp, ephemeralStorage }: JobDefinitionSpec): Fields =>
  platform === 'EC2'
    ? {}
    : {
        networkConfiguration: { assignPublicIp: assignPublicIp ? 'ENABLED' : 'DISABLED' },
        ...(ephemeralStorage !== null && { ephemeralStorage: { sizeInGiB: ephemeralStorage } }),
      };

const container = (spec: JobDefinitionSpec, region: string): Fields => ({
  image: spec.image,
  command: spec.command,
  resourceRequirements: sizing(spec),
  environment: pairs(spec.environment, 'value'),
  secrets: pairs(spec.secrets, 'valueFrom'),
  ...placing(spec),
  // X86_64 is what Batch takes where nothing is said.
  ...(spec.architecture !== 'X86_64' && {
    runtimePlatform: { cpuArchitecture: spec.architecture, operatingSystemFamily: 'LINUX' },
  }),
  ...(spec.jobRoleArn !== null && { jobRoleArn: spec.jobRoleArn }),
  ...(spec.executionRoleArn !== null && { executionRoleArn: spec.executionRoleArn }),
  ...(spec.user !== null && { user: spec.user }),
  ...(spec.readonlyRootFilesystem && { readonlyRootFilesystem: true }),
  ...(spec.privileged && { privileged: true }),
  volumes: spec.volumes,
  mountPoints: spec.mountPoints,
  ...(spec.logGroup !== null && {
    logConfiguration: {
      logDriver: 'awslogs',
      options: { ...streams(spec.name, region), ...spec.logOptions, 'awslogs-group': spec.logGroup },
    },
  }),
});

const registration = (spec: JobDefinitionSpec, region: string): Fields => {
  const { name, parameters, attempts, evaluateOnExit, timeoutSeconds, schedulingPriority } = spec;
  const request: Fields = {
    jobDefinitionName: name,
    type: 'container',
    platformCapabilities: [spec.platform],
    parameters,
    retryStrategy: { attempts, ...(evaluateOnExit.length > 0 && { evaluateOnExit: evaluateOnExit.map(presentRule) }) },
    ...(timeoutSeconds !== null && { timeout: { attemptDurationSeconds: timeoutSeconds } }),
    ...(spec.image !== '' && { containerProperties: container(spec, region) }),
    propagateTags: spec.propagateTags,
    ...(schedulingPriority !== null && { schedulingPriority }),
  };
  return laidOver(request, spec.other);
};

export const registerRequest = (
  spec: JobDefinitionSpec,
  region: string,
  ourTags: Readonly<Record<string, string>>,
): RegisterJobDefinitionRequest =>
  asRequest(registerShape, 'RegisterJobDefinition', taggedWith(registration(spec, region), ourTags));

/** The spec with fields of RegisterJobDefinition laid over what it would ask for. */
export function overriddenDefinition(spec: JobDefinitionSpec, region: string, override: object): JobDefinitionSpec {
  const request = laidOver(plainFields(registration(spec, region)), plainFields(override));
  return definitionSpec(
    asRequest<RegisterJobDefinitionRequest>(registerShape, 'RegisterJobDefinition', request),
    region,
    spec.protect,
  );
}
