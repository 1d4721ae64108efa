import { AwsError } from '../../wire/errors.ts';
import type { QueueAttribute, World } from '../../world.ts';
import type { Outcome } from './execution-environment.ts';
import type { LambdaFunction } from './function.ts';

/** An asynchronous invocation that will not be tried again. */
export interface Finished {
  readonly requestId: string;
  readonly payload: string;
  readonly attempts: number;
  readonly outcome: Outcome;
  readonly condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';
}

/**
 * Sends a record of the invocation to the destination of its outcome, and the event itself to the dead-letter target.
 * The two have different bodies. Lambda only counts what it cannot deliver; here the function's log says so.
 */
export function deliverOutcome(world: World, found: LambdaFunction, finished: Finished): void {
  const { functionName, settings } = found.deployment;
  const isSuccess = finished.condition === 'Success';
  const destination = isSuccess ? found.asynchronous?.onSuccess : found.asynchronous?.onFailure;
  const attempt = (target: string, send: () => void): void => {
    try {
      send();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const message = `${functionName}: request ${finished.requestId} could not be delivered to ${target}: ${error.code}: ${error.message}`;
      world.ports.logs.append(settings.logGroup, 'undelivered', [{ timestamp: world.clock.now(), message }]);
    }
  };
  if (destination !== undefined)
    attempt(destination, () => send(world, found, destination, recordOf(world, found, finished), {}));
  const { deadLetterArn } = settings;
  if (deadLetterArn !== undefined && !isSuccess)
    attempt(deadLetterArn, () => send(world, found, deadLetterArn, finished.payload, attributesOf(finished)));
}

/** Lambda delivers as the function's role. */
function send(
  world: World,
  { deployment: { functionName, settings } }: LambdaFunction,
  target: string,
  body: string,
  attributes: Readonly<Record<string, QueueAttribute>>,
): void {
  const service = target.split(':')[2];
  const sender = { type: 'role', roleArn: settings.role, session: functionName } as const;
  if (service === 'sqs') world.ports.queues.send(target, body, sender, attributes);
  else if (service === 'sns') world.ports.topics.publish(target, body, sender);
  else throw new AwsError('NotImplemented', `the embedded AWS delivers outcomes to queues and topics only`, 501);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const recordOf = (world: World, { deployment }: LambdaFunction, finished: Finished): string =>
  JSON.stringify({
    version: '1.0',
    timestamp: new Date(world.clock.now()).toISOString(),
    requestContext: {
      requestId: finished.requestId,
      functionArn: `${deployment.functionArn}:$LATEST`,
      condition: finished.condition,
      approximateInvokeCount: finished.attempts,
    },
    requestPayload: JSON.parse(finished.payload),
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(finished.outcome.failed && { functionError: 'Unhandled' }),
    },
    responsePayload: JSON.parse(finished.outcome.payload),
  });

/** The attributes of a dead letter; its body is the event. The error's message is cut at 1 KB. */
function attributesOf({ requestId, outcome }: Finished): Readonly<Record<string, QueueAttribute>> {
  const failure: unknown = JSON.parse(outcome.payload);
  const message =
    typeof failure === 'object' && failure !== null && 'errorMessage' in failure ? failure.errorMessage : '';
  return {
    RequestID: requestId,
    ErrorCode: { dataType: 'Number', value: '200' },
    ErrorMessage: String(message).slice(0, 1_024),
  };
}
