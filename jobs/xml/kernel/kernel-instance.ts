import bytes from './wellformed.wasm.ts';

/** What every instance of the kernel has; compiled once. */
let compiled: WebAssembly.Module | undefined;

/** What assembly/references.ts declares and calls. */
export interface KernelHost {
  allowsEntity(name: number, length: number, inValue: number): boolean;
}

/** An instance of the kernel: assembly/index.ts tells what each of its functions does. Numbers are addresses or counts. */
export class KernelInstance {
  readonly #exports: Readonly<Record<string, unknown>>;
  /** The kernel never lets it grow, so it stays. */
  readonly memory: Buffer<ArrayBuffer>;

  constructor(host: KernelHost) {
    compiled ??= new WebAssembly.Module(bytes);
    this.#exports = new WebAssembly.Instance(compiled, { references: { ...host } }).exports;
    const { memory } = this.#exports;
    if (!(memory instanceof WebAssembly.Memory)) throw new Error('the kernel exports no memory');
    this.memory = Buffer.from(memory.buffer);
  }

  call(name: KernelFunction, ...values: readonly number[]): number {
    const member = this.#exports[name];
    if (typeof member !== 'function') throw new Error(`the kernel exports no function ${name}`);
    const result: unknown = Reflect.apply(member, undefined, values);
    return typeof result === 'number' ? result : 0;
  }
}

type KernelFunction =
  | 'begin'
  | 'boundCount'
  | 'check'
  | 'columnOf'
  | 'fault'
  | 'faultAt'
  | 'innermostName'
  | 'innermostNameLength'
  | 'lineOf'
  | 'openDepth'
  | 'openPlace'
  | 'pass'
  | 'startAt';
