import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { builtScript } from './built-script.ts';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts a command in a process of its own, without anybody's credentials. */
export function startCommand(
  command: string,
  args: readonly string[],
  endpoint?: string,
  variables: Readonly<Record<string, string>> = {},
): Running {
  const child = spawn(process.execPath, [builtScript(command), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: tmpdir(),
      NO_COLOR: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...(endpoint !== undefined && { AWS_ENDPOINT_URL: endpoint }),
      ...variables,
    },
  });
  const text = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    text.out += part;
  });
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    text.err += part;
  });
  return { child, ended: once(child, 'close').then(([code]) => ({ code: Number(code), ...text })) };
}

type Given = Parameters<typeof startCommand> extends [string, ...infer Rest] ? Rest : never;

export const startReconcile = (...given: Given): Running => startCommand('reconcile', ...given);

/** Runs the command to its end. */
export const reconcile = (...given: Given): Promise<Ended> => startReconcile(...given).ended;

/** A config folder with a bucket and a queue, and whatever `queues` says. */
export function configFolder(t: TestContext, queues = 'computeEnvironments: [fargate]'): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-reconcile-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'environments'));
  writeFileSync(
    join(folder, 'shop.yaml'),
    `project: shop
computeEnvironments: { fargate: { type: FARGATE, maxvCpus: 2 } }
jobQueues:
  main: { ${queues} }
buckets: { orders: {} }
`,
  );
  const network = 'network: { subnets: [subnet-1], securityGroupIds: [sg-1] }';
  writeFileSync(
    join(folder, 'environments/local.yaml'),
    `target: embedded\naccount: "000000000000"\nregion: eu-central-1\nprefix: shop\n${network}\nvariables: { key: value }\n`,
  );
  return folder;
}

/** Puts another text in the place of one in the config. */
export function edit(folder: string, from: string | RegExp, to: string): void {
  const file = join(folder, 'shop.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
}
