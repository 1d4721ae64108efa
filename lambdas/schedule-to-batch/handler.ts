import { batch, type InvocationContext, logLine, submitOnceWithin } from '../submission/invocation.ts';
import { compactTime, nameForEvent } from '../submission/job-name.ts';
import { objectOf, textOf } from '../submission/reading.ts';
import { readSubmission, submissionFields } from '../submission/submission.ts';
import { submitJob } from '../submission/submit-job.ts';
import { submitOnce } from '../submission/submit-once.ts';

/**
 * Submits the job that a rule's or a schedule's input describes. With `event: { id, time }`, which EventBridge adds, all
 * deliveries of one event lead to the same job, named after the event's time; without a time, as for events of which
 * several can come in one second, after its id. Without an event, as a rule with a plain constant sends it, every
 * invocation submits.
 */
export async function handler(input: unknown, context: InvocationContext): Promise<{ jobId: string }> {
  logLine({ event: input });
  const response = { jobId: await submit(input, context) };
  logLine({ response });
  return response;
}

async function submit(input: unknown, context: InvocationContext): Promise<string> {
  const { event, ...fields } = objectOf(input, 'the input', [...submissionFields, 'event']);
  const submission = readSubmission(fields, 'the input');
  if (event === undefined) return submitJob(batch, submission);
  const { id, time } = objectOf(event, 'event', ['id', 'time']);
  const suffix = time === undefined ? textOf(id, 'event.id') : compactTime(textOf(time, 'event.time'));
  const jobName = nameForEvent(submission.jobName, suffix);
  return submitOnce(submitOnceWithin(context), { ...submission, jobName }, JSON.stringify(submission));
}
