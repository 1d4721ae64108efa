import { ChildValues, type WaitingValues } from './child-values.ts';
import { elementFlag, hasText, isSeen } from './element-flags.ts';
import { Rope } from './rope.ts';
import type { Spool } from './spool.ts';

/** An element of a large record while it comes. Its text goes into the file at once, its children are gathered by name. */
export class OpenedElement {
  readonly name: string;
  /** The JSON of an object; `undefined`: there are none. */
  readonly attributes: Rope | undefined;
  readonly #spool: Spool;
  readonly #waiting: WaitingValues;
  readonly #text = new Rope();
  readonly #children = new Map<string, ChildValues>();
  #flags = 0;

  constructor(spool: Spool, waiting: WaitingValues, name: string, attributes: Rope | undefined) {
    this.#spool = spool;
    this.#waiting = waiting;
    this.name = name;
    this.attributes = attributes;
    if (attributes !== undefined) this.noteOther();
  }

  get flags(): number {
    return this.#flags;
  }

  /** Whether text of it can be seen; an element of the text's name counts, as it does to who reads the JSON. */
  get isSeen(): boolean {
    return isSeen(this.#flags) || this.#children.get('_')?.isSeen === true;
  }

  /** Different names of its children. */
  get names(): number {
    return this.#children.size;
  }

  /** A child is in it, or was left out. */
  noteOther(): void {
    this.#flags |= elementFlag.hasOther;
  }

  /** The inside of a JSON string, with the flags that come of it; comments have no text and flags as well. */
  addText(source: Uint8Array, start: number, end: number, flags: number): void {
    this.#flags |= flags;
    if (start < end) this.#spool.append(this.#text, source, start, end);
  }

  /** The values of its children of this name so far; `undefined`: there are none. */
  children(name: string): ChildValues | undefined {
    return this.#children.get(name);
  }

  /** Its first child of this name comes. */
  withChild(name: string): ChildValues {
    const values = new ChildValues();
    this.#children.set(name, values);
    return values;
  }

  /** Its JSON, with the bytes that the kernel would write for all of it. */
  end(): Rope {
    const json = new Rope();
    if (this.#children.size === 0 && this.attributes === undefined) this.#writeString(json);
    else this.#writeObject(json);
    return json;
  }

  #writeObject(json: Rope): void {
    let next = '{';
    const beginMember = (name: string): void => {
      this.#write(json, `${next}"${name}":`);
      next = ',';
    };
    if (hasText(this.#flags)) {
      beginMember('_');
      this.#writeText(json);
    }
    if (this.attributes !== undefined) {
      beginMember('$');
      json.addRope(this.attributes);
    }
    for (const [name, values] of this.#children) {
      if (name === '_' && hasText(this.#flags)) continue;
      beginMember(name);
      this.#writeValues(json, values);
    }
    this.#write(json, '}');
  }

  /** An element of the name of the text makes a list with it. */
  #writeText(json: Rope): void {
    const others = this.#children.get('_');
    if (others !== undefined) this.#write(json, '[');
    this.#writeString(json);
    if (others === undefined) return;
    this.#write(json, ',');
    this.#addValues(json, others);
    this.#write(json, ']');
  }

  #writeString(json: Rope): void {
    this.#write(json, '"');
    json.addRope(this.#text);
    this.#write(json, '"');
  }

  #writeValues(json: Rope, values: ChildValues): void {
    if (values.count > 1) this.#write(json, '[');
    this.#addValues(json, values);
    if (values.count > 1) this.#write(json, ']');
  }

  #addValues(json: Rope, values: ChildValues): void {
    this.#waiting.spool(values);
    json.addRope(values.rope);
  }

  #write(json: Rope, text: string): void {
    this.#spool.append(json, Buffer.from(text));
  }
}
