import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Bench, median } from './bench.ts';

const run = promisify(execFile);
const times = 7;

/** In a process of its own, since a second start in one process would find everything loaded. */
const script = `
  import { startLocalAws } from './scripts/local-aws/server.ts';
  const begun = performance.now();
  const aws = await startLocalAws();
  const response = await fetch(aws.endpoint);
  await response.arrayBuffer();
  console.log(performance.now() - begun);
  await aws.close();
`;

export const embeddedAws: Bench = {
  name: 'embedded-aws',
  about: `how long the embedded AWS takes from its call to its first answer (median of ${times} processes)`,
  async run(say) {
    const measured: number[] = [];
    for (let n = 0; n < times; n++) {
      const { stdout } = await run(process.execPath, ['--import', 'tsx/esm', '--input-type=module', '--eval', script]);
      measured.push(Number(stdout));
      say(`${Number(stdout).toFixed(0)} ms`);
    }
    return [
      { bench: 'embedded-aws', what: 'start to first answer', value: median(measured), unit: 'ms', aim: '< 500 ms' },
    ];
  },
};
