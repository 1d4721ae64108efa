import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { Handlers } from '../../wire/service.ts';

export type SqsHandlers = Handlers<typeof import('@aws-sdk/client-sqs')>;

/** Attributes that a sender gives a message. */
export type MessageAttributes = Readonly<Record<string, MessageAttributeValue>>;
