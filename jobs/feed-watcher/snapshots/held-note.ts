import { sha256Pattern } from '../../messages/feed-message.ts';
import { JsonFields } from '../../messages/json-fields.ts';

/** What is known of a feed that is held, beside its copy: `held/<type>/<id>.json`, written when all of the copy is there. */
export interface HeldNote {
  readonly version: 1;
  readonly jobXmlTag: string;
  readonly records: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Why it is held. */
  readonly reason: string;
}

/** Throws ContractError naming every field that is wrong. */
export function parseHeldNote(text: string): HeldNote {
  const fields = JsonFields.parse('the note of the held feed', text);
  fields.version(1);
  const note = {
    version: 1 as const,
    jobXmlTag: fields.text('jobXmlTag'),
    records: fields.count('records'),
    bytes: fields.count('bytes'),
    sha256: fields.text('sha256', sha256Pattern),
    reason: fields.text('reason'),
  };
  fields.check();
  return note;
}
