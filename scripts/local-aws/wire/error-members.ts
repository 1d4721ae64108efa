/** The members of an error as documents carry them; models spell its message `message` or `Message`. */
import { membersToJson } from './json.ts';
import type { Failure } from './model.ts';
import { textElement } from './xml-write.ts';

const isMessage = (name: string): boolean => name.toLowerCase() === 'message';

/** Modelled members, the message under the model's own name. */
export function errorMembers(failure: Failure): Readonly<Record<string, unknown>> {
  const messages = [...(failure.shape?.members.keys() ?? [])].filter(isMessage);
  return { ...failure.fields, ...Object.fromEntries(messages.map((name) => [name, failure.message])) };
}

export const errorJson = (failure: Failure): Readonly<Record<string, unknown>> => ({
  message: failure.message,
  ...failure.fields,
  ...(failure.shape === undefined ? {} : membersToJson(failure.shape, errorMembers(failure))),
});

/** The members beside Code and Message, which every XML error has. */
export const errorXml = (failure: Failure): string =>
  Object.entries(failure.fields)
    .filter(([name]) => !isMessage(name))
    .map(([name, value]) => textElement(name, String(value)))
    .join('');
