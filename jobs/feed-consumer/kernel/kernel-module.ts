import bytes from './kernel.wasm.ts';

/** What every instance of the kernel has; compiled once. */
let compiled: WebAssembly.Module | undefined;

/** An instance of the kernel with its exports in types. Numbers are addresses in its memory where nothing else is said. */
export class KernelInstance {
  readonly #exports: Readonly<Record<string, unknown>>;
  readonly #memory: WebAssembly.Memory;
  #bytes: Uint8Array;
  #words: Uint32Array;

  constructor() {
    compiled ??= new WebAssembly.Module(bytes);
    this.#exports = new WebAssembly.Instance(compiled).exports;
    const { memory } = this.#exports;
    if (!(memory instanceof WebAssembly.Memory)) throw new Error('the kernel exports no memory');
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#words = new Uint32Array(memory.buffer);
  }

  /** The memory, as of now: every call may replace it. */
  get bytes(): Uint8Array {
    this.#refresh();
    return this.#bytes;
  }

  get words(): Uint32Array {
    this.#refresh();
    return this.#words;
  }

  #refresh(): void {
    if (this.#bytes.buffer === this.#memory.buffer) return;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#words = new Uint32Array(this.#memory.buffer);
  }

  call(name: string, ...values: readonly number[]): number {
    const member = this.#exports[name];
    if (typeof member !== 'function') throw new Error(`the kernel exports no function ${name}`);
    const result: unknown = Reflect.apply(member, undefined, values);
    return typeof result === 'number' ? result : 0;
  }

  value(name: string): number {
    const member = this.#exports[name];
    if (!(member instanceof WebAssembly.Global) || typeof member.value !== 'number')
      throw new Error(`the kernel exports no variable ${name}`);
    return member.value;
  }
}
