import { readFileSync } from 'node:fs';

/** The module that `npm run kernel` makes of assembly/. A bundle holds its bytes instead of this file: see scripts/build/bundle.ts. */
export default new Uint8Array(readFileSync(new URL('./kernel.wasm', import.meta.url)));
