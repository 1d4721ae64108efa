import { ListTargetsByRuleCommand, type Target } from '@aws-sdk/client-eventbridge';
import { z } from 'zod';
import type { Aws } from '../../aws/clients.ts';
import { found } from '../../aws/errors.ts';
import { names, type Site } from '../../config/names.ts';
import type { Config } from '../../config/schema.ts';
import { type FunctionName, functionArn, functionNames } from '../../desired/parts.ts';
import { nameInArn } from '../../kinds/arn.ts';
import { reasonOf } from '../../reconcile/errors.ts';
import type { BusEvent, Letter, Notification } from './letter.ts';
import { payloadFor } from './target-payload.ts';

/** What a letter is, and how its function is invoked once more; or why it is not. */
export interface Reading {
  /** `schedule "broadbean", its time 2026-11-25T03:00:00Z` */
  readonly what: string;
  readonly invoke: { readonly function: FunctionName; readonly payload: unknown } | { readonly impossible: string };
}

interface Context {
  readonly aws: Aws;
  readonly site: Site;
  readonly config: Config;
}

const lastOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** The entry of a section whose name in AWS this is, or else that name. */
const entryNamed = (section: object, nameOf: (entry: string) => string, name: string): string =>
  Object.keys(section).find((entry) => nameOf(entry) === name) ?? name;

const scheduleNamed = ({ site, config }: Context, name: string): string =>
  `schedule "${entryNamed(config.schedules, (entry) => names.rule(site, entry), name)}"`;

const topicNamed = ({ site, config }: Context, arn: string): string =>
  `topic "${entryNamed(config.topics, (entry) => names.topic(site, entry), nameInArn(arn))}"`;

/** Nothing else is invoked than the functions of the environment. An ARN may end in a version. */
const ourFunction = (site: Site, arn: string): FunctionName | undefined =>
  functionNames.find((name) => arn === functionArn(site, name) || arn.startsWith(`${functionArn(site, name)}:`));

const notOurs = (arn: string) => ({ impossible: `it was for ${arn}, which is no function of this environment` });

const isTimed = ({ source }: BusEvent): boolean => source === 'aws.events';

/**
 * A submission without an event is one that anybody may make as often as they like. Of a letter it is one, however often
 * it is replayed: so it gets an event of its own, by which the function claims the job's name.
 */
function submittedOnce(
  name: FunctionName,
  payload: unknown,
  event: { readonly id: string; readonly time?: string },
): Reading['invoke'] {
  const isOne = typeof payload === 'object' && payload !== null && !Array.isArray(payload) && !('event' in payload);
  return { function: name, payload: isOne && name === 'schedule-to-batch' ? { ...payload, event } : payload };
}

async function targetOf({ events }: Aws, ruleArn: string, targetArn: string): Promise<Target | string> {
  const Rule = lastOf(ruleArn);
  const answer = await found(events.send(new ListTargetsByRuleCommand({ Rule })));
  if (answer === undefined) return `rule "${Rule}" is gone, and with it what it would send`;
  const target = answer.Targets?.find(({ Arn }) => Arn === targetArn);
  return target ?? `rule "${Rule}" does not send to ${targetArn} any more`;
}

type Of<Type extends Letter['type']> = Extract<Letter, { readonly type: Type }>;

async function ofRule(context: Context, { ruleArn, targetArn, event }: Of<'rule'>): Promise<Reading> {
  const { id, time, source } = event;
  const which = isTimed(event) ? `its time ${time}` : `event ${id} of ${source}`;
  const what = `${scheduleNamed(context, lastOf(ruleArn))}, ${which}`;
  const name = ourFunction(context.site, targetArn);
  if (name === undefined) return { what, invoke: notOurs(targetArn) };
  const target = await targetOf(context.aws, ruleArn, targetArn);
  if (typeof target === 'string') return { what, invoke: { impossible: target } };
  try {
    return { what, invoke: submittedOnce(name, payloadFor(target, event), isTimed(event) ? { id, time } : { id }) };
  } catch (error) {
    return { what, invoke: { impossible: reasonOf(error) } };
  }
}

const Scheduled = z.looseObject({ event: z.looseObject({ time: z.string() }) });

function ofSchedule(context: Context, { scheduleArn, targetArn, executionId, payload }: Of<'schedule'>): Reading {
  const { data } = Scheduled.safeParse(payload);
  const time = data === undefined ? '' : `, its time ${data.event.time}`;
  const what = `${scheduleNamed(context, lastOf(scheduleArn))}${time}`;
  const name = ourFunction(context.site, targetArn);
  return { what, invoke: name === undefined ? notOurs(targetArn) : submittedOnce(name, payload, { id: executionId }) };
}

/** The event that SNS sends to a function, made of what it sends to a queue: some names differ. */
function snsEvent({ SigningCertURL, UnsubscribeURL, Subject, MessageAttributes, ...rest }: Notification): unknown {
  const urls = { SigningCertUrl: SigningCertURL, UnsubscribeUrl: UnsubscribeURL };
  const Sns = { ...rest, ...urls, Subject: Subject ?? null, MessageAttributes: MessageAttributes ?? {} };
  return { Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', Sns }] };
}

const ofNotification = (context: Context, { notification }: Of<'notification'>): Reading => ({
  what: `${topicNamed(context, notification.TopicArn)}, message ${notification.MessageId}`,
  invoke: { function: 'topic-to-batch', payload: snsEvent(notification) },
});

const Submission = z.looseObject({
  jobName: z.string(),
  event: z.looseObject({ time: z.string().optional(), id: z.unknown() }).optional(),
});
const Records = z.looseObject({
  Records: z.array(z.looseObject({ Sns: z.looseObject({ TopicArn: z.string(), MessageId: z.string() }) })).min(1),
});

/** What a function was asked for, by what of it tells nothing that is secret. */
function asked(context: Context, payload: unknown): string {
  const submission = Submission.safeParse(payload).data;
  if (submission !== undefined) {
    const { jobName, event } = submission;
    return `job "${jobName}"${event === undefined ? '' : `, ${event.time === undefined ? `event ${event.id}` : `its time ${event.time}`}`}`;
  }
  const records = Records.safeParse(payload).data?.Records ?? [];
  const messages = records.map(({ Sns }) => `${topicNamed(context, Sns.TopicArn)}, message ${Sns.MessageId}`);
  return messages.join('; ') || 'an invocation of a form that is not known';
}

function ofInvocation(context: Context, { functionArn: arn, payload, requestId }: Of<'invocation'>): Reading {
  const name = ourFunction(context.site, arn);
  const what = asked(context, payload);
  return { what, invoke: name === undefined ? notOurs(arn) : submittedOnce(name, payload, { id: requestId }) };
}

/** Finds out what a letter is and what its function would be told. Asks AWS for the rule that it comes from. */
export async function readingOf(context: Context, letter: Letter): Promise<Reading> {
  switch (letter.type) {
    case 'rule':
      return ofRule(context, letter);
    case 'schedule':
      return ofSchedule(context, letter);
    case 'notification':
      return ofNotification(context, letter);
    case 'invocation':
      return ofInvocation(context, letter);
    case 'unknown':
      return {
        what: 'not known',
        invoke: { impossible: 'it has none of the forms that EventBridge, Scheduler, SNS and Lambda give' },
      };
    default:
      return letter satisfies never;
  }
}
