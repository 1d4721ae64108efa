import { type FieldRules, fieldName, type PatternCheck, readFieldRules } from './field-rules.ts';
import { JsonFields } from './json-fields.ts';
import { isPercentage, type Percentage, percentage } from './percentage.ts';

/** What a team says about one feed, beside its address, type and record: the JSON document in FEED_SETTINGS. */
export interface FeedSettings {
  /** The field that tells one record from another, where there is one: a child of the record, or `@name`. */
  readonly id?: string;
  /** Whether only the changes are to be delivered. Without an id nobody can tell what they are. */
  readonly delta: boolean;
  /** The share of its records that a feed may lose from one version to the next without being held. */
  readonly maxShrink: Percentage;
  /** Bytes of content above which a snapshot is stored in parts. */
  readonly partsAbove: number;
  /** Bytes after which a part is full. By default half of that: a feed that is just too large becomes two of one size. */
  readonly partSize: number;
  readonly fields?: FieldRules;
}

const defaults = { maxShrink: '50%', partsAbove: 200_000_000 } as const;
/** A part is a job: smaller ones would take longer to start than to run. Tests of parts are as small as that. */
const leastPart = 1_000;

/** Reads FEED_SETTINGS; nothing in it means all defaults. Throws ContractError naming every mistake. */
export function parseFeedSettings(text: string, whyNoPattern?: PatternCheck): FeedSettings {
  const fields = JsonFields.parse('the settings of the feed', text.trim() === '' ? '{}' : text);
  fields.only('id', 'delta', 'maxShrink', 'partsAbove', 'partSize', 'fields');
  const id = fields.optionalText(
    'id',
    fieldName,
    'the name of a child of the record, or "@" with that of an attribute',
  );
  const delta = fields.has('delta') && fields.flag('delta');
  if (delta && !fields.has('id'))
    fields.complain(['delta'], 'needs an "id", by which records are told from each other');
  const partsAbove = fields.optionalCount('partsAbove', leastPart) ?? defaults.partsAbove;
  const partSize = fields.optionalCount('partSize', leastPart) ?? Math.ceil(partsAbove / 2);
  const rules = readFieldRules(fields, whyNoPattern);
  const settings = {
    ...(id !== undefined && { id }),
    delta,
    maxShrink: readPercentage(fields, 'maxShrink') ?? defaults.maxShrink,
    partsAbove,
    partSize,
    ...(rules !== undefined && { fields: rules }),
  };
  fields.check();
  return settings;
}

/** `undefined` when it is absent, or none. */
function readPercentage(fields: JsonFields, name: string): Percentage | undefined {
  const text = fields.optionalText(name, percentage, 'a percentage such as "30%"');
  return text !== undefined && isPercentage(text) ? text : undefined;
}
