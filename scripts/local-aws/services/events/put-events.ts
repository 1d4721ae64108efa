import { randomUUID } from 'node:crypto';
import type { PutEventsRequestEntry, PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../wire/errors.ts';
import { isObject, parseJson } from '../json.ts';
import type { Bus } from './bus.ts';
import type { EventsHandlers } from './handlers.ts';
import { matches } from './pattern.ts';
import type { RuleBook } from './rule-book.ts';
import { readPattern } from './rules.ts';

/** Operations on events. */
export const eventHandlers = (book: RuleBook, bus: Bus) =>
  ({
    PutEvents: ({ Entries }) => {
      const results = Entries.map((entry) => putEntry(entry, book, bus));
      return { Entries: results, FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length };
    },

    TestEventPattern: ({ EventPattern, Event }) => {
      const event = parseJson(Event);
      if (!isObject(event)) throw new AwsError('ValidationException', 'Parameter Event is not valid.');
      const absent = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'].filter(
        (name) => event[name] === undefined,
      );
      if (absent.length > 0) {
        throw new AwsError(
          'ValidationException',
          `Parameter Event is not valid. Reason: ${absent.join(', ')} is required.`,
        );
      }
      return { Result: matches(readPattern(EventPattern), event) };
    },
  }) satisfies EventsHandlers;

const failed = (ErrorCode: string, ErrorMessage: string): PutEventsResultEntry => ({ ErrorCode, ErrorMessage });

function putEntry(entry: PutEventsRequestEntry, book: RuleBook, bus: Bus): PutEventsResultEntry {
  const absent = (['Source', 'DetailType', 'Detail'] as const).find((name) => (entry[name] ?? '') === '');
  if (absent !== undefined) {
    return failed('InvalidArgument', `Parameter ${absent} is not valid. Reason: ${absent} is a required argument.`);
  }
  const { Source: source = '', DetailType: detailType = '', Detail = '', Resources: resources = [] } = entry;
  if (source.startsWith('aws.')) {
    return failed('NotAuthorizedForSourceException', 'Not authorized for the source.');
  }
  const detail = parseJson(Detail);
  if (!isObject(detail)) return failed('MalformedDetail', 'Detail is malformed.');
  // AWS takes events for a bus that does not exist, and loses them.
  if (!book.hasBus(entry.EventBusName)) return { EventId: randomUUID() };
  return { EventId: bus.put({ source, 'detail-type': detailType, resources, detail }, entry.Time?.getTime()) };
}
