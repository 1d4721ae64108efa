import type { PutFunctionEventInvokeConfigCommandInput } from '@aws-sdk/client-lambda';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import type { AsyncSettings, FunctionStore, LambdaFunction } from './function.ts';
import type { LambdaHandlers } from './handlers.ts';
import { requireDestination } from './target-permissions.ts';

type Input = Pick<
  PutFunctionEventInvokeConfigCommandInput,
  'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | 'DestinationConfig'
>;

/** How asynchronous invocations of a function are retried, and where they end. */
export function eventInvokeConfigHandlers(world: World, functions: FunctionStore) {
  const store = (found: LambdaFunction, previous: AsyncSettings | undefined, input: Input) => {
    const { functionName, settings } = found.deployment;
    const { OnFailure, OnSuccess } = input.DestinationConfig ?? {};
    for (const given of [OnFailure, OnSuccess])
      requireDestination(world, { role: settings.role, functionName }, given?.Destination);
    found.asynchronous = {
      lastModified: new Date(world.clock.now()),
      maximumRetryAttempts: input.MaximumRetryAttempts ?? previous?.maximumRetryAttempts,
      maximumEventAgeInSeconds: input.MaximumEventAgeInSeconds ?? previous?.maximumEventAgeInSeconds,
      onFailure: destination(OnFailure, previous?.onFailure),
      onSuccess: destination(OnSuccess, previous?.onSuccess),
    };
    return describe(found, found.asynchronous);
  };
  return {
    PutFunctionEventInvokeConfig: (input) => store(functions.get(input.FunctionName), undefined, input),
    UpdateFunctionEventInvokeConfig(input) {
      const found = functions.get(input.FunctionName);
      return store(found, requireSettings(found), input);
    },
    GetFunctionEventInvokeConfig(input) {
      const found = functions.get(input.FunctionName);
      return describe(found, requireSettings(found));
    },
    DeleteFunctionEventInvokeConfig(input) {
      const found = functions.get(input.FunctionName);
      requireSettings(found);
      found.asynchronous = undefined;
      return {};
    },
  } satisfies LambdaHandlers;
}

/** An empty destination removes one. */
const destination = (given: { Destination?: string | undefined } | undefined, previous: string | undefined) =>
  given === undefined ? previous : given.Destination || undefined;

function requireSettings({ asynchronous, deployment }: LambdaFunction): AsyncSettings {
  if (asynchronous !== undefined) return asynchronous;
  throw new AwsError(
    'ResourceNotFoundException',
    `The function ${deployment.functionArn}:$LATEST doesn't have an EventInvokeConfig`,
    404,
  );
}

const describe = ({ deployment }: LambdaFunction, settings: AsyncSettings) => ({
  LastModified: settings.lastModified,
  FunctionArn: `${deployment.functionArn}:$LATEST`,
  ...(settings.maximumRetryAttempts !== undefined && { MaximumRetryAttempts: settings.maximumRetryAttempts }),
  ...(settings.maximumEventAgeInSeconds !== undefined && {
    MaximumEventAgeInSeconds: settings.maximumEventAgeInSeconds,
  }),
  DestinationConfig: {
    OnSuccess: settings.onSuccess === undefined ? {} : { Destination: settings.onSuccess },
    OnFailure: settings.onFailure === undefined ? {} : { Destination: settings.onFailure },
  },
});
