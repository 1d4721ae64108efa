import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  type FunctionConfiguration,
  type FunctionEventInvokeConfig,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  ListTagsCommand,
  PutFunctionEventInvokeConfigCommand,
  type Runtime,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import type { Aws } from '../aws/clients.ts';
import { created, found, isError } from '../aws/errors.ts';
import { adopt, ownerIn, ownerTags, readOwned } from '../aws/ownership.ts';
import { persist, settle, type Waiter } from '../aws/waiting.ts';
import { changedFields } from '../reconcile/diff.ts';
import type { Observed, ResourceKind } from '../reconcile/kind.ts';
import { nameInArn } from './arn.ts';
import { isDuplicate, type Permission, readPermissions, setPermissions } from './permission.ts';

export interface FunctionSpec {
  readonly name: string;
  /** Base64 SHA-256 of its zip. */
  readonly codeSha256: string;
  /** `null` for a container image, which ours never are. */
  readonly runtime: Runtime | null;
  readonly handler: string;
  readonly roleArn: string;
  readonly memory: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
  /** What becomes of an asynchronous invocation that fails. */
  readonly asynchronous: {
    readonly retries: number;
    readonly maximumAgeSeconds: number;
    readonly onFailureArn: string | null;
  };
  /** Sorted by id. */
  readonly permissions: readonly Permission[];
}

interface LiveFunction {
  readonly configuration: FunctionConfiguration;
  readonly asynchronous: FunctionEventInvokeConfig | undefined;
  readonly permissions: readonly Permission[];
}

const toSpec = ({ configuration, asynchronous, permissions }: LiveFunction): FunctionSpec => ({
  name: configuration.FunctionName ?? '',
  codeSha256: configuration.CodeSha256 ?? '',
  runtime: configuration.Runtime ?? null,
  handler: configuration.Handler ?? '',
  roleArn: configuration.Role ?? '',
  memory: configuration.MemorySize ?? 128,
  timeoutSeconds: configuration.Timeout ?? 3,
  environment: configuration.Environment?.Variables ?? {},
  logGroup: configuration.LoggingConfig?.LogGroup ?? `/aws/lambda/${configuration.FunctionName}`,
  asynchronous: {
    retries: asynchronous?.MaximumRetryAttempts ?? 2,
    maximumAgeSeconds: asynchronous?.MaximumEventAgeInSeconds ?? 21_600,
    onFailureArn: asynchronous?.DestinationConfig?.OnFailure?.Destination ?? null,
  },
  permissions,
});

/** GetFunction would tell all of it at once, and hand out a link to the code, which nobody needs who plans. */
async function read(aws: Aws, name: string): Promise<Observed<LiveFunction> | undefined> {
  const configuration = await found(aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })));
  if (configuration === undefined) return undefined;
  const [tagged, asynchronous, permissions] = await Promise.all([
    found(aws.lambda.send(new ListTagsCommand({ Resource: configuration.FunctionArn }))),
    found(aws.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: name }))),
    readPermissions(aws, name),
  ]);
  return tagged && { name, live: { configuration, asynchronous, permissions }, owner: ownerIn(tagged.Tags) };
}

/** Lambda refuses a change while the one before is still being rolled out. */
const untilIdle = (aws: Aws, name: string, waiter: Waiter): Promise<FunctionConfiguration> =>
  settle(aws.pace, waiter, {
    what: `function "${name}"`,
    read: () => aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
    pending: ({ State, StateReason, LastUpdateStatus }) => {
      if (State === 'Pending') return StateReason ? `${State} (${StateReason})` : State;
      return LastUpdateStatus === 'InProgress' ? 'being updated' : undefined;
    },
  });

/** Waits until the last change has taken effect; throws with Lambda's reason when it has not. */
async function untilReady(aws: Aws, name: string, waiter: Waiter): Promise<void> {
  const { State, StateReason, LastUpdateStatus, LastUpdateStatusReason } = await untilIdle(aws, name, waiter);
  if (State === 'Failed') throw new Error(`function "${name}" did not become active: ${StateReason}`);
  if (LastUpdateStatus === 'Failed') throw new Error(`function "${name}" was not updated: ${LastUpdateStatusReason}`);
}

/**
 * Refusals that pass: a fresh role, and what it may do, are unknown to Lambda for seconds to over a minute; and another
 * change may be under way. Any other refusal is final.
 */
function passing(error: unknown): string | undefined {
  if (isError(error, 'InvalidParameterValueException', /cannot be assumed by Lambda/)) return 'waiting for its role';
  if (isError(error, 'InvalidParameterValueException', /does not have permissions to call SendMessage/)) {
    return "waiting for its role's permissions";
  }
  return isError(error, 'ResourceConflictException', /in progress/i) ? 'waiting for another change of it' : undefined;
}

const patiently = <T>(aws: Aws, name: string, waiter: Waiter, attempt: () => Promise<T>): Promise<T> =>
  persist(aws.pace, waiter, { what: `function "${name}"`, attempt, transient: passing });

/** Zips by their `codeSha256`. */
export type Zips = ReadonlyMap<string, Uint8Array>;

function zipOf(zips: Zips, { name, codeSha256 }: FunctionSpec): Uint8Array {
  const zip = zips.get(codeSha256);
  if (zip === undefined) throw new Error(`no zip with SHA-256 ${codeSha256} was built for function "${name}"`);
  return zip;
}

const configurationFields = [
  'runtime',
  'handler',
  'roleArn',
  'memory',
  'timeoutSeconds',
  'environment',
  'logGroup',
] as const satisfies readonly (keyof FunctionSpec)[];

const configurationOf = ({ name, runtime, handler, ...spec }: FunctionSpec) => ({
  FunctionName: name,
  ...(runtime === null ? {} : { Runtime: runtime }),
  Handler: handler,
  Role: spec.roleArn,
  MemorySize: spec.memory,
  Timeout: spec.timeoutSeconds,
  Environment: { Variables: { ...spec.environment } },
  LoggingConfig: { LogGroup: spec.logGroup },
});

async function setAsynchronous(aws: Aws, { name, asynchronous }: FunctionSpec): Promise<void> {
  const { retries, maximumAgeSeconds, onFailureArn } = asynchronous;
  await aws.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: name,
      MaximumRetryAttempts: retries,
      MaximumEventAgeInSeconds: maximumAgeSeconds,
      DestinationConfig: onFailureArn === null ? {} : { OnFailure: { Destination: onFailureArn } },
    }),
  );
}

async function create(aws: Aws, zips: Zips, desired: FunctionSpec, waiter: Waiter): Promise<void> {
  const { name } = desired;
  const ZipFile = zipOf(zips, desired);
  const request = { ...configurationOf(desired), Code: { ZipFile }, Tags: ownerTags(aws) };
  const send = () => created(aws.lambda.send(new CreateFunctionCommand(request)), isDuplicate);
  await patiently(aws, name, waiter, send);
  await untilReady(aws, name, waiter);
  await patiently(aws, name, waiter, () => setAsynchronous(aws, desired));
  await patiently(aws, name, waiter, () => setPermissions(aws, name, desired.permissions));
}

/** Each request goes out only when its part has changed: a new version of the code must not touch the rest. */
async function update(aws: Aws, zips: Zips, desired: FunctionSpec, changed: ReadonlySet<string>, waiter: Waiter) {
  const { name } = desired;
  const change = async (parts: readonly (keyof FunctionSpec)[], request: () => Promise<unknown>): Promise<void> => {
    if (!parts.some((part) => changed.has(part))) return;
    await patiently(aws, name, waiter, request);
    await untilReady(aws, name, waiter);
  };
  // An update that failed is mended by the next one.
  await untilIdle(aws, name, waiter);
  await change(configurationFields, () =>
    aws.lambda.send(new UpdateFunctionConfigurationCommand(configurationOf(desired))),
  );
  await change(['codeSha256'], () => {
    const ZipFile = zipOf(zips, desired);
    return aws.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile }));
  });
  await change(['asynchronous'], () => setAsynchronous(aws, desired));
  await change(['permissions'], () => setPermissions(aws, name, desired.permissions));
}

/** A Lambda function with all that belongs to it alone: asynchronous settings and permissions. */
export const functionKind = (aws: Aws, zips: Zips): ResourceKind<FunctionSpec, LiveFunction> => ({
  kind: 'function',
  immutable: [],
  references: ({ roleArn, logGroup, asynchronous: { onFailureArn } }) => [
    { kind: 'role', name: nameInArn(roleArn) },
    { kind: 'log-group', name: logGroup },
    ...(onFailureArn === null ? [] : [{ kind: 'dead-letter-queue', name: nameInArn(onFailureArn) }]),
  ],
  list: (names) =>
    readOwned(aws, { resourceType: 'lambda:function', before: 'function:' }, names, (name) => read(aws, name)),
  toSpec,
  create: (desired, step) => create(aws, zips, desired, step),
  update: (_live, desired, fields, step) => update(aws, zips, desired, changedFields(fields), step),
  delete: async ({ configuration: { FunctionName } }) => {
    await found(aws.lambda.send(new DeleteFunctionCommand({ FunctionName })));
  },
  adopt: ({ configuration: { FunctionArn = '' } }) => adopt(aws, FunctionArn),
});
