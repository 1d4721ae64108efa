import { randomUUID } from 'node:crypto';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import type { AsynchronousInvocations } from './asynchronous.ts';
import type { EnvironmentPool } from './environment-pool.ts';
import type { FunctionStore } from './function.ts';
import type { LambdaHandlers } from './handlers.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const longestPayload = 6_291_456;

/** Invoking a function, and waiting for it or not. */
export function invokeHandlers(
  world: World,
  functions: FunctionStore,
  pool: EnvironmentPool,
  asynchronous: AsynchronousInvocations,
) {
  return {
    async Invoke(input) {
      const found = functions.get(input.FunctionName);
      const payload = readPayload(input.Payload);
      switch (input.InvocationType) {
        case 'DryRun':
          return { StatusCode: 204 };
        case 'Event':
          asynchronous.accept(found, payload);
          return { StatusCode: 202 };
        default: {
          const invocation = { requestId: randomUUID(), payload };
          const outcome = await world.clock.busy(() => pool.invoke(found, invocation));
          return {
            StatusCode: 200,
            ExecutedVersion: '$LATEST',
            Payload: Buffer.from(outcome.payload),
            ...(outcome.failed && { FunctionError: 'Unhandled' }),
            ...(input.LogType === 'Tail' && { LogResult: Buffer.from(outcome.log).toString('base64') }),
          };
        }
      }
    },
  } satisfies LambdaHandlers;
}

/** An invocation without a payload gets an empty object. */
function readPayload(bytes: Uint8Array | undefined): string {
  if (bytes === undefined || bytes.length === 0) return '{}';
  if (bytes.length > longestPayload)
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${longestPayload} bytes for the InvokeFunction operation`,
      413,
    );
  const text = Buffer.from(bytes).toString();
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${String(error)}`,
      400,
    );
  }
}
