import type { InputTransformer, Target } from '@aws-sdk/client-eventbridge';
import type { BusEvent } from '../../world.ts';
import { parseJson } from '../json.ts';
import { valueAt } from './json-path.ts';

/** What variables of a template are filled from. */
interface Source {
  readonly ruleName: string;
  readonly ruleArn: string;
  readonly event: BusEvent;
  /** ISO 8601 with milliseconds. */
  readonly ingestionTime: string;
}

/** What a target is sent for an event; `undefined` when its transformer makes no JSON of it. */
export function payloadOf(target: Target, source: Source): string | undefined {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(valueAt(target.InputPath, source.event) ?? '');
  if (target.InputTransformer !== undefined) return transform(target.InputTransformer, source);
  return JSON.stringify(source.event);
}

const placeholder = /<([\w.-]+)>/g;

/** The names between angle brackets in a template, the predefined ones left out. */
export const placeholdersOf = (template: string): readonly string[] =>
  [...template.matchAll(placeholder)].map(([, name = '']) => name).filter((name) => !predefined.includes(name));

const predefined = [
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event',
  'aws.events.event.json',
  'aws.events.event.ingestion-time',
];

/** AWS hands over the JSON without white space. What is filled in is not escaped, so that it may be no JSON any more. */
function transform({ InputTemplate: template = '', InputPathsMap: paths = {} }: InputTransformer, source: Source) {
  const value = (name: string): unknown => {
    if (predefined.includes(name)) return predefinedValue(name, source);
    const path = paths[name];
    return path === undefined ? undefined : valueAt(path, source.event);
  };
  const text = template.replace(placeholder, (_, name: string, offset: number) =>
    isInString(template, offset) ? inString(value(name)) : JSON.stringify(value(name) ?? ''),
  );
  const json = parseJson(text);
  return json === undefined ? undefined : JSON.stringify(json);
}

function predefinedValue(name: string, { ruleArn, ruleName, event, ingestionTime }: Source): unknown {
  if (name === 'aws.events.rule-arn') return ruleArn;
  if (name === 'aws.events.rule-name') return ruleName;
  if (name === 'aws.events.event.ingestion-time') return ingestionTime;
  const { detail, ...rest } = event;
  return name === 'aws.events.event.json' ? { ...rest, detail } : rest;
}

/** An odd number of quotes that are not escaped lies before a place inside a string. */
const isInString = (template: string, offset: number): boolean =>
  (template.slice(0, offset).replace(/\\./gs, '').split('"').length - 1) % 2 === 1;

/** Inside a string objects and lists lose their quotes, and what is not there leaves nothing. */
const inString = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value).replaceAll('"', '');
