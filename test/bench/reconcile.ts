import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { startLocalAws } from '../../scripts/local-aws/server.ts';
import { manyEntries } from '../support/many-entries.ts';
import { type Bench, type Figure, median } from './bench.ts';
import { watchMemory } from './process-memory.ts';

const sizes = [10, 100, 500];
const times = 3;
const latency = 30;
const region = 'eu-central-1';

interface Run {
  readonly seconds: number;
  readonly output: string;
  /** Bytes; of the process itself, without what it starts. */
  readonly peak: number;
}

/** Runs node to its end, in a process of its own so that time and memory are those of what it runs. Throws when it fails. */
async function runNode(args: readonly string[], endpoint: string): Promise<Run> {
  const begun = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx/esm', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, AWS_ENDPOINT_URL: endpoint },
  });
  const memory = watchMemory(child.pid ?? 0);
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const seconds = (performance.now() - begun) / 1_000;
  const own = memory.stop().filter(({ command }) => command.includes(args.at(0) ?? ''));
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with exit code ${code}:\n${output}`);
  return { seconds, output, peak: Math.max(...own.map(({ bytes }) => bytes)) };
}

/** Seconds that each of three plans takes when a first one has loaded everything and opened the connections. */
const warmPlans = (directory: string): string => `
  const { openEnvironment } = await import('./scripts/control/environment.ts');
  const endpoint = process.env.AWS_ENDPOINT_URL;
  const environment = await openEnvironment({ directory: ${JSON.stringify(directory)}, environment: 'local', endpoint });
  const seconds = [];
  for (let n = 0; n < 4; n++) {
    const begun = performance.now();
    const { changes } = await environment.plan();
    seconds.push((performance.now() - begun) / 1000);
    if (changes.length > 0) throw new Error('there are changes left to plan');
  }
  environment.close();
  console.log(JSON.stringify(seconds.slice(1)));
`;

interface Measured {
  readonly apply: number;
  readonly applyCalls: number;
  readonly plan: number;
  readonly planCalls: number;
  readonly planPeak: number;
  readonly warmPlan: number;
}

/** One apply of so many entries to an embedded AWS that is as far away as AWS, and plans after it, which are empty. */
async function measure(count: number): Promise<Measured> {
  let calls = 0;
  const onCall = (): void => {
    calls += 1;
  };
  await using aws = await startLocalAws({ region, latency, onCall });
  using config = manyEntries(count / 2);
  const command = (...args: readonly string[]) =>
    runNode(['scripts/reconcile.ts', ...args, '--config', config.directory], aws.endpoint);
  const apply = await command('apply', '--yes');
  const applyCalls = calls;
  const plan = await command('plan');
  const planCalls = calls - applyCalls;
  const script = ['--input-type=module', '--eval', warmPlans(config.directory)];
  const warm: number[] = JSON.parse((await runNode(script, aws.endpoint)).output);
  return {
    apply: apply.seconds,
    applyCalls,
    plan: plan.seconds,
    planCalls,
    planPeak: plan.peak,
    warmPlan: median(warm),
  };
}

function figures(count: number, runs: readonly Measured[]): readonly Figure[] {
  const of = (name: keyof Measured): number => median(runs.map((run) => run[name]));
  const figure = { bench: 'reconcile', unit: 's' } as const;
  return [
    { ...figure, what: `reconcile apply of ${count} new: ${of('applyCalls')} calls`, value: of('apply') },
    { ...figure, what: `reconcile plan of ${count} unchanged: ${of('planCalls')} calls`, value: of('plan') },
    {
      ...figure,
      what: `the same plan in a process that has made one before`,
      value: of('warmPlan'),
      ...(count === 500 && { aim: '< 2 s' }),
    },
    { ...figure, what: `peak resident memory of reconcile plan of ${count}`, value: of('planPeak') / 1e6, unit: 'MB' },
  ];
}

export const reconcile: Bench = {
  name: 'reconcile',
  about: `apply and plan of job definitions and schedules, half each, ${latency} ms away from AWS (median of ${times})`,
  async run(say) {
    const all: Figure[] = [];
    for (const count of sizes) {
      const runs: Measured[] = [];
      for (let n = 0; n < times; n++) {
        const run = await measure(count);
        runs.push(run);
        say(
          `${count}: apply ${run.apply.toFixed(1)} s, plan ${run.plan.toFixed(1)} s, warm ${run.warmPlan.toFixed(2)} s`,
        );
      }
      all.push(...figures(count, runs));
    }
    return all;
  },
};
