/** Builds of a parser's events what xml2js would, for parsers that only tell events; `found` gets each record as JSON. */
export class ElementObjects {
  readonly #tag: string;
  readonly #found: (json: string) => void;
  readonly #open: { name: string; text: string; fields: Map<string, unknown> }[] = [];

  constructor(tag: string, found: (json: string) => void) {
    this.#tag = tag;
    this.#found = found;
  }

  open(name: string, attributes: Readonly<Record<string, unknown>>): void {
    if (this.#open.length === 0 && name !== this.#tag) return;
    const fields = new Map<string, unknown>();
    for (const _ in attributes) {
      fields.set('$', attributes);
      break;
    }
    this.#open.push({ name, text: '', fields });
  }

  text(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += text;
  }

  close(): void {
    const element = this.#open.pop();
    if (element === undefined) return;
    const value = valueOfElement(element);
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#found(JSON.stringify(value));
    else addField(parent.fields, element.name, value);
  }
}

function valueOfElement({ text, fields }: { text: string; fields: ReadonlyMap<string, unknown> }): unknown {
  if (fields.size === 0) return text;
  const object = Object.fromEntries(fields);
  return /\S/.test(text) ? { _: text, ...object } : object;
}

function addField(fields: Map<string, unknown>, name: string, value: unknown): void {
  const before = fields.get(name);
  if (before === undefined) fields.set(name, value);
  else if (Array.isArray(before)) before.push(value);
  else fields.set(name, [before, value]);
}
