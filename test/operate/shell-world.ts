import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { trigger } from '../../scripts/operate/trigger/command.ts';
import type { Surroundings, TriggerFlags } from '../../scripts/operate/trigger/run.ts';
import { commandsWorld } from '../control/commands-world.ts';

/** Two queues on one vCPU, and jobs that run the shell script which they are given. */
const config = `project: shop
computeEnvironments: { fargate: { type: FARGATE, maxvCpus: 1 } }
jobQueues:
  main: { priority: 2, computeEnvironments: [fargate] }
  side: { priority: 1, computeEnvironments: [fargate] }
jobDefinitions:
  shell: { image: shell, vcpus: 0.5, memory: 1024, command: [-c, Ref::script], parameters: { script: 'echo "$GREETING"' }, attempts: 2 }
  once: { image: shell, vcpus: 1, memory: 2048, command: [-c, Ref::script], parameters: { script: 'true' } }
  gone: { image: 000000000000.dkr.ecr.eu-central-1.amazonaws.com/none:1, vcpus: 0.25, memory: 512 }
schedules:
  greet:
    cron: 0 3 * * ? *
    submit: { jobName: Greet, jobQueue: main, jobDefinition: shell, environment: { GREETING: good morning } }
`;

const environment = `target: embedded
account: "000000000000"
region: eu-central-1
prefix: shop
network: { subnets: [subnet-1], securityGroupIds: [sg-1] }
`;

/** `more` is what the environment adds to the config. */
function shellFolder(t: TestContext, more = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-operate-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'environments'));
  writeFileSync(join(folder, 'shop.yaml'), config);
  writeFileSync(join(folder, 'environments/local.yaml'), `${environment}${more}`);
  return folder;
}

/** Time that passes a minute at a time, whatever is waited for. */
const hastyClock = () => {
  let time = Date.now();
  return {
    now: () => time,
    wait: async () => {
      time += 60_000;
      await setImmediate();
    },
  };
};

const nobody: Surroundings = {
  clock: { now: Date.now, wait: async () => void (await setImmediate()) },
  stops: () => ({ signal: new AbortController().signal, again: () => {}, [Symbol.dispose]: () => {} }),
  ask: async () => undefined,
};
export const hasty: Surroundings = { ...nobody, clock: hastyClock() };

/** The config, an embedded AWS that has an image `shell` and to which it is not applied yet, and the command in this process. `reached` resolves once a job has a status. */
export async function shellWorld(t: TestContext, more = '') {
  const world = await commandsWorld(t, shellFolder(t, more));
  const { images } = world.world.ports;
  const root = mkdtempSync(join(tmpdir(), 'baton-shell-'));
  t.after(() => rmSync(root, { recursive: true }));
  const shell = { root, entrypoint: ['sh'], command: [], environment: {}, workingDirectory: '/' };
  world.world.ports.images = {
    pull: async (image, puller) => (image === 'shell' ? shell : images.pull(image, puller)),
  };
  const run = (job: string | undefined, flags: Partial<TriggerFlags> = {}, around: Partial<Surroundings> = {}) =>
    world.run(() =>
      trigger(job, { ...world.flags, set: {}, param: {}, wait: true, ...flags }, { ...nobody, ...around }),
    );
  const reached = async (jobId: string, status: string): Promise<void> => {
    for (;;) {
      const { jobs: [job] = [] } = await world.batch.describeJobs({ jobs: [jobId] });
      if (job?.status === status) return;
      await setImmediate();
    }
  };
  return { ...world, trigger: run, reached };
}
