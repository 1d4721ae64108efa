import { AwsError } from '../../wire/errors.ts';
import { checkResourcePolicy } from '../iam/policy.ts';
import { isObject, type JsonObject, parseJson } from '../json.ts';

/**
 * Attributes that can be set: their range where they are numbers, and their value in a new queue.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
const settable: Readonly<Record<string, { readonly range?: readonly [number, number]; readonly initial?: string }>> = {
  DelaySeconds: { range: [0, 900], initial: '0' },
  KmsDataKeyReusePeriodSeconds: { range: [60, 86_400] },
  KmsMasterKeyId: {},
  MaximumMessageSize: { range: [1_024, 1_048_576], initial: '1048576' },
  MessageRetentionPeriod: { range: [60, 1_209_600], initial: '345600' },
  Policy: {},
  ReceiveMessageWaitTimeSeconds: { range: [0, 20], initial: '0' },
  RedriveAllowPolicy: {},
  RedrivePolicy: {},
  SqsManagedSseEnabled: { initial: 'true' },
  VisibilityTimeout: { range: [0, 43_200], initial: '30' },
};

const readOnly = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
];

const removable = ['KmsMasterKeyId', 'Policy', 'RedriveAllowPolicy', 'RedrivePolicy'];

export const initialAttributes = (): Map<string, string> =>
  new Map(Object.entries(settable).flatMap(([name, { initial }]) => (initial === undefined ? [] : [[name, initial]])));

/** `All` means every attribute that has a value. */
export function checkNames(names: readonly string[]): void {
  const unknown = names.find((name) => name !== 'All' && !Object.hasOwn(settable, name) && !readOnly.includes(name));
  if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
}

/** What is to become of a queue's attributes; an empty value takes those away that a queue can be without. */
export function checkValues(values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (/^FifoQueue$|^ContentBasedDeduplication$|^DeduplicationScope$|^FifoThroughputLimit$/.test(name)) {
      throw new AwsError('NotImplemented', 'FIFO queues are not implemented by this local server', 501);
    }
    const attribute = Object.hasOwn(settable, name) ? settable[name] : undefined;
    if (attribute === undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    if (!isValid(name, value, attribute.range)) {
      throw invalidValue(name);
    }
    if (name === 'Policy' && value !== '') checkResourcePolicy(value, () => invalidValue(name));
  }
}

const invalidValue = (name: string): AwsError =>
  new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);

function isValid(name: string, value: string, range?: readonly [number, number]): boolean {
  if (range !== undefined) return /^\d+$/.test(value) && Number(value) >= range[0] && Number(value) <= range[1];
  if (name === 'SqsManagedSseEnabled') return value === 'true' || value === 'false';
  return name === 'Policy' && value !== '' ? parseObject(value) !== undefined : true;
}

export function setAttributes(attributes: Map<string, string>, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === '' && removable.includes(name)) attributes.delete(name);
    else attributes.set(name, value);
  }
  // A queue is encrypted with SQS's own key or with one of KMS, never with both.
  if (attributes.has('KmsMasterKeyId')) attributes.set('SqsManagedSseEnabled', 'false');
}

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  /** How often a message is received before it moves to the dead-letter queue. */
  readonly maxReceiveCount: number;
}

/** Reads a redrive policy; whether its queue exists is not looked at. */
export function parseRedrivePolicy(text: string): RedrivePolicy {
  const refuse = (reason: string): never => {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
    );
  };
  const policy = parseObject(text) ?? refuse('Redrive policy is not a valid JSON map.');
  for (const name of ['deadLetterTargetArn', 'maxReceiveCount']) {
    if (policy[name] === undefined) refuse(`Redrive policy does not contain mandatory attribute: ${name}.`);
  }
  const count = Number(policy['maxReceiveCount']);
  if (!Number.isInteger(count) || count < 1 || count > 1_000) {
    refuse(
      `Invalid value for maxReceiveCount: ${policy['maxReceiveCount']}, valid values are from 1 to 1000 both inclusive.`,
    );
  }
  return { deadLetterTargetArn: String(policy['deadLetterTargetArn']), maxReceiveCount: count };
}

function parseObject(text: string): JsonObject | undefined {
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}
