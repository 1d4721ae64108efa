import { WasmKernel } from '../../xml/wasm-kernel.ts';
import bytes from './kernel.wasm.ts';

/** An instance of the kernel: assembly/index.ts tells what each of its functions does. */
export class KernelInstance extends WasmKernel<KernelFunction, KernelVariable> {
  #bytes = new Uint8Array(0);
  #words = new Uint32Array(0);

  constructor() {
    super(bytes);
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
    const { buffer } = this.wasmMemory;
    if (this.#bytes.buffer === buffer) return;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Uint32Array(buffer);
  }
}

type KernelFunction =
  | 'begin'
  | 'declareField'
  | 'declareTag'
  | 'declareValue'
  | 'end'
  | 'fieldNameAddress'
  | 'resultsAddress'
  | 'room'
  | 'run'
  | 'sourceLine'
  | 'sourceOffset'
  | 'spansAddress'
  | 'tagAddress'
  | 'valueAddress';

type KernelVariable = 'failure' | 'failureAt' | 'input' | 'limit' | 'output' | 'resultCount';
