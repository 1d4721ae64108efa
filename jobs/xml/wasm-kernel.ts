type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What every instance of a kernel has; compiled once. */
const compiled = new Map<Uint8Array, WebAssembly.Module>();

/** An instance of a kernel, by the names of its functions and variables. Numbers are addresses or counts. */
export class WasmKernel<Name extends string, Variable extends string = never> {
  readonly #exports: Readonly<Record<string, unknown>>;
  protected readonly wasmMemory: WebAssembly.Memory;

  constructor(bytes: Uint8Array, imports: Imports = {}) {
    const module = compiled.get(bytes) ?? new WebAssembly.Module(bytes);
    compiled.set(bytes, module);
    this.#exports = new WebAssembly.Instance(module, imports).exports;
    const { memory } = this.#exports;
    if (!(memory instanceof WebAssembly.Memory)) throw new Error('the kernel exports no memory');
    this.wasmMemory = memory;
  }

  call(name: Name, ...values: readonly number[]): number {
    const member = this.#exports[name];
    if (typeof member !== 'function') throw new Error(`the kernel exports no function ${name}`);
    const result: unknown = Reflect.apply(member, undefined, values);
    return typeof result === 'number' ? result : 0;
  }

  value(name: Variable): number {
    const member = this.#exports[name];
    if (!(member instanceof WebAssembly.Global) || typeof member.value !== 'number')
      throw new Error(`the kernel exports no variable ${name}`);
    return member.value;
  }
}
