/**
 * Preloaded before node:test is: its runner follows every promise to the test that made it, by a hook whose price is a
 * third of the CPU of tests that talk to the embedded AWS. It needs that for `test` in a `test` (ours say `t.test`) and to
 * know whose an unhandled error is: without it, that is an error of the file, which fails all the same.
 */
import asyncHooks from 'node:async_hooks';

const { createHook } = asyncHooks;
const unhooked = { enable: () => unhooked, disable: () => unhooked };
Object.assign(asyncHooks, { createHook: () => unhooked });
await import('node:test');
Object.assign(asyncHooks, { createHook });
