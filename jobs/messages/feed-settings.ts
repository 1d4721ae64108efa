import { type FieldRules, fieldPattern, readFieldRules } from './field-rules.ts';
import { JsonFields } from './json-fields.ts';

/** What a team says about one feed, beside its address, type and record: the JSON document in FEED_SETTINGS. */
export interface FeedSettings {
  /** The field that tells one record from another, where there is one: a child of the record, or `@name`. */
  readonly id?: string;
  /** Whether only the changes are to be delivered. Without an id nobody can tell what they are. */
  readonly delta: boolean;
  /** The share of its records, 0 to 1, that a feed may lose from one version to the next without being held. */
  readonly maxShrink: number;
  /** Bytes of content above which a snapshot is stored in parts. */
  readonly partsAbove: number;
  /** Bytes after which a part is full. By default half of that: a feed that is just too large becomes two of one size. */
  readonly partSize: number;
  readonly fields?: FieldRules;
}

const defaults = { maxShrink: '50%', partsAbove: 200_000_000 };
/** A part is a job: smaller ones would take longer to start than to run. Tests of parts are as small as that. */
const leastPart = 1_000;

/** Reads FEED_SETTINGS; nothing in it means all defaults. Throws ContractError naming every mistake. */
export function parseFeedSettings(text: string): FeedSettings {
  const fields = JsonFields.parse('the settings of the feed', text.trim() === '' ? '{}' : text);
  fields.only('id', 'delta', 'maxShrink', 'partsAbove', 'partSize', 'fields');
  const id = fields.optionalText('id', fieldPattern);
  const delta = fields.has('delta') && fields.flag('delta');
  if (delta && !fields.has('id')) fields.complain('"delta" needs an "id", by which records are told from each other');
  const partsAbove = fields.optionalCount('partsAbove', leastPart) ?? defaults.partsAbove;
  const partSize = fields.optionalCount('partSize', leastPart) ?? Math.ceil(partsAbove / 2);
  const rules = readFieldRules(fields);
  const settings = {
    ...(id !== undefined && { id }),
    delta,
    maxShrink: shareOf(fields.optionalText('maxShrink', /^(100|\d{1,2})(\.\d+)?%$/) ?? defaults.maxShrink),
    partsAbove,
    partSize,
    ...(rules !== undefined && { fields: rules }),
  };
  fields.check();
  return settings;
}

/** `50%` → 0.5 */
const shareOf = (percentage: string): number => Number(percentage.replace('%', '')) / 100;
