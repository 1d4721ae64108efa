/** Runs one peer over one feed in a process of its own: PEER FILE. Prints its time, records and the peak of its memory. */
import { peakMemory } from '../../../jobs/process/peak-memory.ts';
import { peers } from './peers.ts';

const [, , name = '', file = ''] = process.argv;
const peer = peers[name];
if (peer === undefined) throw new Error(`there is no peer ${name}`);
const begun = performance.now();
const records = await peer(file);
const microseconds = Math.round((performance.now() - begun) * 1_000);
console.log(JSON.stringify({ microseconds, records, peak: peakMemory() }));
