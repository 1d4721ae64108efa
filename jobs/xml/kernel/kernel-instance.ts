import { WasmKernel } from '../wasm-kernel.ts';
import bytes from './wellformed.wasm.ts';

/** What assembly/references.ts declares and calls. */
export interface KernelHost {
  allowsEntity(name: number, length: number, inValue: number): boolean;
}

/** An instance of the kernel: assembly/index.ts tells what each of its functions does. */
export class KernelInstance extends WasmKernel<KernelFunction> {
  /** The kernel never lets it grow, so it stays. */
  readonly memory: Buffer<ArrayBuffer>;

  constructor(host: KernelHost) {
    super(bytes, { references: { ...host } });
    this.memory = Buffer.from(this.wasmMemory.buffer);
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
