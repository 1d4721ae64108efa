import type { PutRuleRequest, RuleState } from '@aws-sdk/client-eventbridge';
import { parseSchedule, ScheduleError } from '../../../cron/schedule.ts';
import { AwsError } from '../../wire/errors.ts';
import type { EventsHandlers } from './handlers.ts';
import { pageOf } from './page.ts';
import { PatternError, parsePattern } from './pattern.ts';
import type { Rule, RuleSettings } from './rule.ts';
import type { RuleBook } from './rule-book.ts';

/** Operations on rules. `plan` is told of each rule whose schedule or state may be another now. */
export const ruleHandlers = (book: RuleBook, plan: (rule: Rule) => void) =>
  ({
    PutRule: ({ Name, EventBusName, Tags = [], ...input }) => {
      const existing = book.find(Name, EventBusName);
      const settings = settingsOf(input);
      if (existing === undefined) {
        const rule = book.add(Name, settings);
        for (const { Key = '', Value = '' } of Tags) rule.tags.set(Key, Value);
        plan(rule);
        return { RuleArn: rule.arn };
      }
      // Tags of a rule that exists are left as they are: AWS has TagResource for them.
      change(existing, settings, plan);
      return { RuleArn: existing.arn };
    },

    DescribeRule: ({ Name, EventBusName }) => {
      const rule = book.require(Name, EventBusName);
      return { ...describe(rule), CreatedBy: rule.arn.split(':')[4] };
    },

    ListRules: ({ NamePrefix = '', EventBusName, Limit, NextToken }) => {
      book.checkBus(EventBusName);
      const rules = book.all().filter(({ name }) => name.startsWith(NamePrefix));
      const { page, next } = pageOf(rules, Limit, NextToken);
      return { Rules: page.map(describe), NextToken: next };
    },

    DeleteRule: ({ Name, EventBusName }) => {
      const rule = book.find(Name, EventBusName);
      // Deleting a rule that is not there succeeds.
      if (rule === undefined) return {};
      if (rule.targets.size > 0)
        throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
      book.delete(rule);
      change(rule, { ...rule.settings, state: 'DISABLED' }, plan);
      return {};
    },

    EnableRule: ({ Name, EventBusName }) => setState(book.require(Name, EventBusName), 'ENABLED', plan),
    DisableRule: ({ Name, EventBusName }) => setState(book.require(Name, EventBusName), 'DISABLED', plan),

    ListRuleNamesByTarget: ({ TargetArn, EventBusName, Limit, NextToken }) => {
      book.checkBus(EventBusName);
      const rules = book.all().filter(({ targets }) => [...targets.values()].some(({ Arn }) => Arn === TargetArn));
      const { page, next } = pageOf(rules, Limit, NextToken);
      return { RuleNames: page.map(({ name }) => name), NextToken: next };
    },

    DescribeEventBus: ({ Name }) => {
      book.checkBus(Name);
      return { Name: 'default', Arn: book.busArn };
    },
  }) satisfies EventsHandlers;

function setState(rule: Rule, state: RuleState, plan: (rule: Rule) => void) {
  change(rule, { ...rule.settings, state }, plan);
  return {};
}

/** A rule put again as it was keeps its rhythm: a rate goes on counting from when it began. */
function change(rule: Rule, settings: RuleSettings, plan: (rule: Rule) => void): void {
  const before = rule.settings;
  rule.settings = settings;
  const sameSchedule = before.schedule?.expression === settings.schedule?.expression;
  if (before.state !== settings.state || !sameSchedule) plan(rule);
}

function settingsOf(input: Omit<PutRuleRequest, 'Name'>): RuleSettings {
  const { ScheduleExpression: expression, EventPattern: text } = input;
  if (expression === undefined && text === undefined) {
    throw new AwsError('ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.');
  }
  return {
    state: input.State ?? 'ENABLED',
    description: input.Description,
    roleArn: input.RoleArn,
    schedule: expression === undefined ? undefined : { expression, times: readSchedule(expression) },
    pattern: text === undefined ? undefined : { text, of: readPattern(text) },
  };
}

function readSchedule(expression: string) {
  try {
    return parseSchedule(expression);
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    throw new AwsError('ValidationException', 'Parameter ScheduleExpression is not valid.');
  }
}

/** Throws InvalidEventPatternException. */
export function readPattern(text: string) {
  try {
    return parsePattern(text);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${error.message}`);
  }
}

const describe = ({ name, arn, settings }: Rule) => ({
  Name: name,
  Arn: arn,
  State: settings.state,
  EventBusName: 'default',
  Description: settings.description,
  RoleArn: settings.roleArn,
  ScheduleExpression: settings.schedule?.expression,
  EventPattern: settings.pattern?.text,
});
