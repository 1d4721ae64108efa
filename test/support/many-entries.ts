import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const entries = (count: number, entry: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => entry(at)).join('');

const definition = (at: number): string => `  job-${at}:
    image: public.ecr.aws/docker/library/busybox:1
    command: [echo, "${at}"]
    vcpus: 0.25
    memory: 512
`;

const schedule = (at: number): string => `  nightly-${at}:
    cron: ${at % 60} 3 * * ? *
    submit:
      jobName: nightly-${at}
      jobQueue: main
      jobDefinition: job-${at}
`;

/** The files of a config for the embedded AWS with so many job definitions, nothing to build, and a schedule for each. */
function filesWith(count: number): Readonly<Record<string, string>> {
  return {
    'project.yaml': 'project: many\n',
    'batch.yaml': `computeEnvironments:
  fargate: { type: FARGATE, maxvCpus: 4 }
jobQueues:
  main: { computeEnvironments: [fargate] }
jobDefinitions:
${entries(count, definition)}`,
    'schedules.yaml': `schedules:\n${entries(count, schedule)}`,
    'environments/local.yaml': `target: embedded
account: "000000000000"
region: eu-central-1
prefix: many
network:
  subnets: [subnet-1]
  securityGroupIds: [sg-1]
`,
  };
}

/** Writes that config to a folder of its own, which disposing removes. */
export function manyEntries(count: number): Disposable & { readonly directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'many-entries-'));
  mkdirSync(join(directory, 'environments'));
  for (const [file, content] of Object.entries(filesWith(count))) writeFileSync(join(directory, file), content);
  return { directory, [Symbol.dispose]: () => rmSync(directory, { recursive: true }) };
}
