import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { ConfigError } from '../../scripts/config/issue.ts';
import { type LoadedConfig, loadConfig } from '../../scripts/config/load.ts';

/** A small config without mistakes; each test changes one thing in it. */
export const small = {
  'config/project.yaml': 'project: shop\n',
  'config/compute.yaml': `computeEnvironments:
  fargate: { type: FARGATE, maxvCpus: 4 }
jobQueues:
  main:
    computeEnvironments: [fargate]
`,
  'config/jobs.yaml': `jobDefinitions:
  import:
    image: jobs/import
    vcpus: 0.5
    memory: 1024
    attempts: 2
    environment:
      BUCKET: \${bucket.orders}
    grants:
      - read: bucket.orders
      - publish: topic.imported
  report:
    image: alpine:3
    vcpus: 1
    memory: 2048
`,
  'config/events.yaml': `schedules:
  nightly:
    cron: 0 3 * * ? *
    submit:
      jobName: nightly-import
      jobQueue: main
      jobDefinition: import
      environment:
        URL: \${var.url}
topics:
  imported:
    submit:
      jobName: report
      jobQueue: main
      jobDefinition: report
      messageVariable: MESSAGE
buckets:
  orders: {}
`,
  'config/environments/test.yaml': `account: "012345678901"
region: eu-west-1
prefix: test
network:
  subnets: [subnet-1]
  securityGroupIds: [sg-1]
variables:
  url: https://example.com/orders
`,
} as const;

type Files = Readonly<Record<string, string>>;

/** The small config with one text of one file replaced; fails when the text is not there. */
export function edited(file: keyof typeof small, from: string, to: string): Files {
  if (!small[file].includes(from)) throw new Error(`${file} does not hold ${from}`);
  return { ...small, [file]: small[file].replace(from, () => to) };
}

export interface Loading {
  readonly environment?: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** The folder of the config in the repository, if not `config`. */
  readonly directory?: string;
}

function written(t: TestContext, files: Files): string {
  const root = mkdtempSync(join(tmpdir(), 'baton-config-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [file, content] of Object.entries({ ...files, 'jobs/import/Dockerfile': '' })) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  return root;
}

export function load(
  t: TestContext,
  files: Files,
  { environment = 'test', directory = 'config', ...rest }: Loading = {},
): LoadedConfig {
  const root = written(t, files);
  return loadConfig({ root, environment, ...rest, directory: join(root, directory) });
}

/** The lines of the error that loading ends in, with paths from the repository's root; none when it loads. */
export function mistakes(
  t: TestContext,
  files: Files,
  { environment = 'test', directory = 'config', ...rest }: Loading = {},
): string[] {
  const root = written(t, files);
  try {
    loadConfig({ root, environment, ...rest, directory: join(root, directory) });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.replaceAll(`${root}/`, '').split('\n').slice(0, -1);
  }
}
