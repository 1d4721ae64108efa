import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Bench, median } from './bench.ts';

const run = promisify(execFile);
const times = 7;

/**
 * In a process of its own, since a second start in one process would find everything loaded. Loading its modules counts; the
 * answer is that of STS, asked as a client would, which loads STS's own module.
 */
const script = `
  import { once } from 'node:events';
  import { request } from 'node:http';
  const begun = performance.now();
  const { startLocalAws } = await import('./scripts/local-aws/server.ts');
  const aws = await startLocalAws();
  const ask = request(aws.endpoint, {
    method: 'POST',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sts/aws4_request',
      'content-type': 'application/x-www-form-urlencoded',
    },
  }).end('Action=GetCallerIdentity&Version=2011-06-15');
  const [answer] = await once(ask, 'response');
  const measured = performance.now() - begun;
  answer.resume();
  if (answer.statusCode !== 200) throw new Error('the embedded AWS answered ' + answer.statusCode);
  console.log(measured);
  await aws.close();
`;

export const embeddedAws: Bench = {
  name: 'embedded-aws',
  about: `how long the embedded AWS takes to load, start and answer its first request (median of ${times} processes)`,
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
