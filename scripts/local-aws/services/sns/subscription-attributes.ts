import { type Pattern, PatternError, parsePattern } from '../events/pattern.ts';
import { isObject, parseJson } from '../json.ts';
import { invalid } from './handlers.ts';
import { filtersBody, type Subscription } from './subscription.ts';

const settable = [
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
  'SubscriptionRoleArn',
];

/** Sets attributes of a subscription, all or none. Empty policies take away those that were there. */
export function setAttributes(subscription: Subscription, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) checkAttribute(subscription, name, value);
  const attributes = new Map(subscription.attributes);
  for (const [name, value] of Object.entries(values)) {
    if (name.endsWith('Policy') && (value === '' || value === '{}')) attributes.delete(name);
    else attributes.set(name, value);
  }
  subscription.filter = readFilter(attributes);
  if (subscription.filter !== undefined && !attributes.has('FilterPolicyScope')) {
    attributes.set('FilterPolicyScope', 'MessageAttributes');
  }
  for (const name of subscription.attributes.keys()) subscription.attributes.delete(name);
  for (const [name, value] of attributes) subscription.attributes.set(name, value);
}

function checkAttribute({ protocol }: Subscription, name: string, value: string): void {
  if (!settable.includes(name)) throw invalid('AttributeName');
  if (name === 'RawMessageDelivery' && !/^(true|false)$/i.test(value)) {
    throw invalid(`Attributes Reason: RawMessageDelivery: Invalid value [${value}]. Must be true or false.`);
  }
  if (name === 'RawMessageDelivery' && /true/i.test(value) && protocol !== 'sqs') {
    throw invalid(`Attributes Reason: Delivery protocol [${protocol}] does not support raw message delivery.`);
  }
  if (name === 'FilterPolicyScope' && !['MessageAttributes', 'MessageBody'].includes(value)) {
    throw invalid(`FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`);
  }
  if (name === 'RedrivePolicy' && value !== '' && value !== '{}') deadLetterArn(value);
}

/** The queue that a redrive policy names. Throws InvalidParameterException when it names none. */
export function deadLetterArn(policy: string): string {
  const { deadLetterTargetArn: arn } = asObject(policy, 'RedrivePolicy: failed to parse JSON.');
  if (typeof arn === 'string' && /^arn:[^:]+:sqs:[^:]*:[^:]*:.+/.test(arn)) return arn;
  throw invalid('RedrivePolicy: deadLetterTargetArn is an invalid arn');
}

function asObject(text: string, refusal: string): Readonly<Record<string, unknown>> {
  const value = parseJson(text);
  if (isObject(value)) return value;
  throw invalid(refusal);
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html */
function readFilter(attributes: Map<string, string>): Pattern | undefined {
  const policy = attributes.get('FilterPolicy');
  if (policy === undefined) return undefined;
  const nested = Object.entries(asObject(policy, 'FilterPolicy: failed to parse JSON.')).some(
    ([name, value]) => name !== '$or' && isObject(value),
  );
  if (nested && !filtersBody({ attributes })) {
    throw invalid('FilterPolicy: Filter policy scope MessageAttributes does not support nested filter policy');
  }
  try {
    return parsePattern(policy);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw invalid(`FilterPolicy: ${error.message}`);
  }
}
