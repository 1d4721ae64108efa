import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { AwsError } from '../../wire/errors.ts';
import type { Handlers } from '../../wire/service.ts';

export type SnsHandlers = Handlers<typeof import('@aws-sdk/client-sns')>;

/** Attributes that a publisher gives a message. */
export type MessageAttributes = Readonly<Record<string, MessageAttributeValue>>;

/** SNS's words for most of what it refuses. */
export const invalid = (what: string): AwsError =>
  new AwsError('InvalidParameterException', `Invalid parameter: ${what}`);
