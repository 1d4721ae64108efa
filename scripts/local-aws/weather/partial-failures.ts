import type { Around, ServedCall } from '../wire/around.ts';
import { isRecord } from '../wire/traits.ts';
import { textAt } from './calls.ts';
import type { Draw } from './storm.ts';
import { whims } from './whims.ts';

/** The member with the entries, by operation. */
const entriesOf: Readonly<Record<string, string>> = { PutTargets: 'Targets', RemoveTargets: 'Ids' };

const idOf = (entry: unknown): string => (typeof entry === 'string' ? entry : (textAt(entry, 'Id') ?? ''));

/** Calls about the targets of rules are done for some of them, and say so in an answer that looks like success. */
export function partialFailures(draw: Draw, share: number): Around {
  const strikes = whims(draw, 'targets', share);
  return async (call, answer) => {
    const member = call.service === 'events' ? entriesOf[call.operation] : undefined;
    const entries = isRecord(call.input) && member !== undefined ? call.input[member] : undefined;
    if (member === undefined || !Array.isArray(entries)) return answer(call);
    const rule = textAt(call.input, 'Rule') ?? '';
    const failed = entries.filter((entry) => strikes(`${call.operation} ${rule} ${idOf(entry)}`));
    if (failed.length === 0) return answer(call);
    const done = entries.filter((entry) => !failed.includes(entry));
    const output = done.length === 0 ? {} : await answer(withEntries(call, member, done));
    return withFailures(
      output,
      failed.map((entry) => failure(draw, rule, idOf(entry))),
    );
  };
}

const withEntries = (call: ServedCall, member: string, entries: readonly unknown[]): ServedCall => ({
  ...call,
  input: { ...(isRecord(call.input) ? call.input : {}), [member]: entries },
});

function failure(draw: Draw, rule: string, id: string): object {
  if (draw('reason', rule, id) < 0.5)
    return { TargetId: id, ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' };
  return {
    TargetId: id,
    ErrorCode: 'ConcurrentModificationException',
    ErrorMessage: `Rule ${rule} on EventBus default was modified concurrently`,
  };
}

function withFailures(output: unknown, failures: readonly object[]): object {
  const others = isRecord(output) && Array.isArray(output['FailedEntries']) ? output['FailedEntries'] : [];
  const FailedEntries = [...others, ...failures];
  return { FailedEntryCount: FailedEntries.length, FailedEntries };
}
