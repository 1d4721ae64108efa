import { type FieldRules, longestField, mostFields } from '../../messages/field-rules.ts';
import { JobError } from '../../process/job-error.ts';
import type { KernelInstance } from './kernel-instance.ts';

type FieldRule = FieldRules[string];

/** Tests that the kernel makes of the bytes of a value: field-tests.ts there. */
const noTest = 0;
const testOfType = { text: 1, number: 2, url: 3, enum: 4, date: 5 } as const;

const mostUnsigned = 0xffff_ffff;

/** Tells the kernel which fields to look for, and what of their rules bytes can show. Throws JobError for too many of them. */
export function declareFields(instance: KernelInstance, rules: FieldRules): void {
  const fields = Object.entries(rules);
  if (fields.length > mostFields)
    throw new JobError(`rules are given for ${fields.length} fields, at most ${mostFields} may be`);
  for (const [index, [name, rule]] of fields.entries()) {
    const isAttribute = name.startsWith('@');
    const bytes = nameBytes(isAttribute ? name.slice(1) : name, longestField);
    instance.bytes.set(bytes, instance.call('fieldNameAddress', index));
    instance.call('declareField', bytes.length, isAttribute ? 1 : 0, testOf(rule), rule.maxLength ?? mostUnsigned);
    for (const value of rule.values ?? []) declareValue(instance, value);
  }
}

/** What bytes cannot show is left to those who decode. */
const testOf = ({ pattern, type = 'text' }: FieldRule): number => (pattern === undefined ? testOfType[type] : noTest);

/**
 * One for which there is no room is not surely good; it is no worse for that. Texts are compared without the blanks around
 * them, so one with such blanks never fits.
 */
function declareValue(instance: KernelInstance, value: string): void {
  if (value !== value.trim()) return;
  const json = Buffer.from(JSON.stringify(value).slice(1, -1));
  const at = instance.call('valueAddress', json.length);
  if (at === 0) return;
  instance.bytes.set(json, at);
  instance.call('declareValue', json.length);
}

/** The bytes of the name of an element or attribute. Throws JobError when there are too many. */
export function nameBytes(name: string, longest: number): Uint8Array {
  const bytes = Buffer.from(name);
  if (bytes.length <= longest) return bytes;
  throw new JobError(
    `the name "${name.slice(0, 40)}…" of an element has ${bytes.length} bytes, at most ${longest} may be`,
  );
}
