import { type InvocationContext, logLine, submitOnceWithin } from '../submission/invocation.ts';
import { nameForEvent } from '../submission/job-name.ts';
import { withVariable } from '../submission/submission.ts';
import { submitOnce } from '../submission/submit-once.ts';
import { arraySizeOf } from './array-size.ts';
import { type Notification, readNotification, recordsOf } from './notification.ts';
import { readRoutes } from './routes.ts';

const routes = readRoutes();

/**
 * Submits one job for each record of an SNS event, with the message in the variable that the topic's route names. SNS
 * takes no partial answer: every record is tried, then the failed ones are thrown together. Submitting once per message
 * makes the repetition of the others harmless. A message about a snapshot in parts becomes an array job, once as well.
 */
export async function handler(event: unknown, context: InvocationContext): Promise<{ jobIds: string[] }> {
  logLine({ event });
  const records = recordsOf(event);
  const outcomes = await Promise.allSettled(records.map((record, at) => submitRecord(record, at, context)));
  const response = { jobIds: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : [])) };
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [messageOf(outcome.reason)] : []));
  logLine({ response, failures });
  if (failures.length > 0)
    throw new Error(`${failures.length} of ${records.length} records failed: ${failures.join('; ')}`);
  return response;
}

async function submitRecord(record: unknown, at: number, context: InvocationContext): Promise<string> {
  const notification = readNotification(record, at);
  try {
    return await submit(notification, context);
  } catch (error) {
    throw new Error(`message ${notification.messageId}: ${messageOf(error)}`, { cause: error });
  }
}

async function submit(notification: Notification, context: InvocationContext): Promise<string> {
  const { topicArn, message, id } = notification;
  const route = routes.get(topicArn);
  if (route === undefined)
    throw new Error(`no route for the topic ${topicArn}; known: ${[...routes.keys()].join(', ') || 'none'}`);
  const submission = withVariable(route.submission, route.messageVariable, message);
  const jobName = nameForEvent(submission.jobName, id);
  const size = arraySizeOf(message);
  const array = size === undefined ? {} : { arrayProperties: { size } };
  return submitOnce(submitOnceWithin(context), { ...submission, ...array, jobName }, `${topicArn} ${id}`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
