import { matches } from '../events/pattern.ts';
import { isObject, parseJson } from '../json.ts';
import type { MessageAttributes } from './handlers.ts';
import { type Message, textFor } from './message.ts';
import { filtersBody, type Subscription } from './subscription.ts';

/** Whether a subscription's filter policy, if it has one, lets a message through. */
export function accepts(subscription: Subscription, message: Message): boolean {
  if (subscription.filter === undefined) return true;
  if (!filtersBody(subscription)) return matches(subscription.filter, comparable(message.attributes));
  // A message whose text is no JSON object has nothing that a filter of the body could find.
  const body = parseJson(textFor(message, subscription.protocol));
  return isObject(body) && matches(subscription.filter, body);
}

/** Attributes as the values that filter policies compare; binary ones are never compared. */
function comparable(attributes: MessageAttributes): Readonly<Record<string, unknown>> {
  const value = (type: string, text: string): unknown =>
    type === 'String.Array' ? parseJson(text) : type.startsWith('Number') ? Number(text) : text;
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, { DataType = '', StringValue }]) =>
      StringValue === undefined ? [] : [[name, value(DataType, StringValue)]],
    ),
  );
}
