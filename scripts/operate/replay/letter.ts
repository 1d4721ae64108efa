import { z } from 'zod';
import type { Envelope } from './dead-letter-queue.ts';

/** An event of EventBridge, as far as it is looked at here. */
const BusEvent = z.looseObject({ id: z.string(), time: z.string(), source: z.string() });
export type BusEvent = z.infer<typeof BusEvent>;

/** What SNS sends to a queue. https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
const Notification = z.looseObject({
  Type: z.literal('Notification'),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
});
export type Notification = z.infer<typeof Notification>;

const Failure = z.looseObject({ errorType: z.string().optional(), errorMessage: z.string().optional() });

/** What Lambda sends on failure. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const InvocationRecord = z.looseObject({
  requestContext: z.looseObject({
    requestId: z.string(),
    functionArn: z.string(),
    condition: z.string(),
    approximateInvokeCount: z.number().optional(),
  }),
  requestPayload: z.unknown(),
  responsePayload: Failure.nullish(),
});

interface Told {
  /** Why it is here, in AWS's words. */
  readonly why: string;
}

/** What a letter tells by its shape: each way to a dead-letter queue has its own. */
export type Letter = Told &
  (
    | { readonly type: 'rule'; readonly ruleArn: string; readonly targetArn: string; readonly event: BusEvent }
    | {
        readonly type: 'schedule';
        readonly scheduleArn: string;
        readonly targetArn: string;
        readonly executionId: string;
        readonly payload: unknown;
      }
    | { readonly type: 'notification'; readonly notification: Notification }
    | {
        readonly type: 'invocation';
        readonly requestId: string;
        readonly functionArn: string;
        readonly payload: unknown;
      }
    | { readonly type: 'unknown' }
  );

/** The value that a text is the JSON of; `undefined` when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What EventBridge and Scheduler say in attributes. */
function whyOf({ attributes }: Envelope): string {
  const { ERROR_CODE: code, ERROR_MESSAGE: message, RETRY_ATTEMPTS: retries, EXHAUSTED_RETRY_CONDITION } = attributes;
  const tried =
    retries === undefined ? '' : ` (${retries} retries${EXHAUSTED_RETRY_CONDITION ? ', all there are' : ''})`;
  return `${[code, message].filter(Boolean).join(': ') || 'no reason given'}${tried}`;
}

/** Its own function could not be invoked by EventBridge or its Scheduler: what it is stands in attributes. */
function undelivered(envelope: Envelope, body: unknown): Letter | undefined {
  const { RULE_ARN: ruleArn, SCHEDULE_ARN: scheduleArn, TARGET_ARN: targetArn } = envelope.attributes;
  if (targetArn === undefined) return undefined;
  const why = whyOf(envelope);
  if (scheduleArn !== undefined) {
    const isWhole = envelope.attributes['IS_PAYLOAD_TRUNCATED'] !== 'true' && body !== undefined;
    const executionId = envelope.attributes['EXECUTION_ID'] ?? envelope.id;
    return isWhole ? { type: 'schedule', scheduleArn, targetArn, executionId, payload: body, why } : undefined;
  }
  const event = BusEvent.safeParse(body);
  return ruleArn === undefined || !event.success
    ? undefined
    : { type: 'rule', ruleArn, targetArn, event: event.data, why };
}

function ofMessage(body: unknown): Letter | undefined {
  const { data } = Notification.safeParse(body);
  if (data === undefined) return undefined;
  return { type: 'notification', notification: data, why: 'SNS could not invoke the function, and does not say why' };
}

function ofInvocation(body: unknown): Letter | undefined {
  const { data } = InvocationRecord.safeParse(body);
  if (data === undefined) return undefined;
  const { requestContext, requestPayload, responsePayload } = data;
  const { requestId, functionArn, condition, approximateInvokeCount: tries } = requestContext;
  const { errorType, errorMessage } = responsePayload ?? {};
  const reason = [errorType === 'Error' ? undefined : errorType, errorMessage].filter(Boolean).join(': ');
  const tried = tries === undefined ? condition : `${condition} after ${tries} ${tries === 1 ? 'try' : 'tries'}`;
  const why = reason === '' ? tried : `${reason} (${tried})`;
  return { type: 'invocation', requestId, functionArn, payload: requestPayload, why };
}

/** Reads a letter by its shape, whichever queue it lies in. */
export function readLetter(envelope: Envelope): Letter {
  const body = parsed(envelope.body);
  return (
    undelivered(envelope, body) ?? ofMessage(body) ?? ofInvocation(body) ?? { type: 'unknown', why: whyOf(envelope) }
  );
}
