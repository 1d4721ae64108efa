import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, median } from './bench.ts';
import { runStart } from './run-start.ts';

const times = 3;

export const story: Bench = {
  name: 'story',
  about: `npm start, from its process to its end (median of ${times})`,
  async run(say) {
    const seconds: number[] = [];
    for (let n = 0; n < times; n++) {
      const output = await mkdtemp(join(tmpdir(), 'bench-story-'));
      const begun = performance.now();
      await runStart(['--output', output]);
      seconds.push((performance.now() - begun) / 1_000);
      await rm(output, { recursive: true });
      say(`${seconds.at(-1)?.toFixed(1)} s`);
    }
    return [{ bench: 'story', what: 'npm start, start to summary', value: median(seconds), unit: 's', aim: '< 15 s' }];
  },
};
