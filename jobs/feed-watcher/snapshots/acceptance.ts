import type { Content } from '../intake/inspection.ts';
import { parseHeldNote } from './held-note.ts';
import type { Run } from './publication.ts';
import { heldKeys } from './snapshot-keys.ts';

/** Whether ACCEPT lets a feed pass that would be held. */
type Acceptance =
  /** `fields` are those of the event that tells of it. */
  | { readonly kind: 'accepted'; readonly fields: Readonly<Record<string, unknown>> }
  /** `reason` is there where something is accepted, and not this. */
  | { readonly kind: 'not accepted'; readonly reason?: string };

/**
 * Somebody looked at a feed that was held and accepts it. Many feeds tell the time and are another content at each
 * download, so one that is plainly no worse passes in its place: the feed stands where it stood, and has as many records.
 */
export async function acceptanceOf({ settings, store, known }: Run, content: Content): Promise<Acceptance> {
  const { accept, type, jobXmlTag } = settings;
  if (accept === undefined) return { kind: 'not accepted' };
  // The id tells the content.
  if (accept.endsWith(`-${content.sha256.slice(0, 12)}`)) return { kind: 'accepted', fields: {} };
  const refuse = (reason: string): Acceptance => ({
    kind: 'not accepted',
    reason: `ACCEPT=${accept} is another content, and ${reason}`,
  });
  const next = `${type}-${known.state.sequence + 1}-`;
  if (accept.slice(0, -12) !== next) return refuse(`of another version: this one is ${next}…`);
  const key = heldKeys(type, accept).note;
  const text = await store.readText(key);
  if (text === undefined) return refuse(`${key}, which would tell whether this one is no worse, is not there`);
  const held = parseHeldNote(text);
  if (held.jobXmlTag !== jobXmlTag) return refuse(`its records were <${held.jobXmlTag}>`);
  if (content.records < held.records) return refuse(`it had ${held.records} records`);
  return { kind: 'accepted', fields: { inPlaceOf: accept, records: content.records, heldRecords: held.records } };
}
