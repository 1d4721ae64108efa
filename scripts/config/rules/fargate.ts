import { type Rule, submissions } from './rule.ts';

const GiB = 1024;
const steps = (from: number, to: number, step: number): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);

/** vCPU → MiB: https://docs.aws.amazon.com/batch/latest/APIReference/API_ResourceRequirement.html */
const memoryOf: ReadonlyMap<number, readonly number[]> = new Map([
  [0.25, [512, 1 * GiB, 2 * GiB]],
  [0.5, steps(1 * GiB, 4 * GiB, GiB)],
  [1, steps(2 * GiB, 8 * GiB, GiB)],
  [2, steps(4 * GiB, 16 * GiB, GiB)],
  [4, steps(8 * GiB, 30 * GiB, GiB)],
  [8, steps(16 * GiB, 60 * GiB, 4 * GiB)],
  [16, steps(32 * GiB, 120 * GiB, 8 * GiB)],
  [32, [60 * GiB, 120 * GiB, 244 * GiB]],
]);

/** `1024, 2048, 3072 or 4096`, or of a long row its ends and step. */
function allowed(sizes: readonly number[]): string {
  const [first = 0, second = 0] = sizes;
  const even = sizes.every((size, index) => size === first + index * (second - first));
  if (sizes.length > 4 && even) return `${first} to ${sizes.at(-1)} in steps of ${second - first}`;
  return `${sizes.slice(0, -1).join(', ')} or ${sizes.at(-1)}`;
}

/** Fargate sells fixed pairs of vCPU and memory only. */
export const sizesAreFargates: Rule = ({ config }, report) => {
  for (const [name, { platform, vcpus, memory }] of Object.entries(config.jobDefinitions)) {
    if (platform !== 'FARGATE') continue;
    const sizes = memoryOf.get(vcpus);
    if (sizes === undefined) {
      report(['jobDefinitions', name, 'vcpus'], `must be ${allowed([...memoryOf.keys()])} on Fargate`);
    } else if (!sizes.includes(memory)) {
      const path = ['jobDefinitions', name, 'memory'];
      report(path, `must be ${allowed(sizes)} (MiB) for ${vcpus} vCPU on Fargate`);
    }
  }
};

const fargateOnly = ['assignPublicIp', 'ephemeralStorage'] as const;

/** https://docs.aws.amazon.com/batch/latest/APIReference/API_ContainerProperties.html: what each platform refuses. */
export const definitionsFitTheirPlatform: Rule = ({ config }, report) => {
  for (const [name, definition] of Object.entries(config.jobDefinitions)) {
    const { platform, vcpus, gpus, privileged, volumes } = definition;
    const path = ['jobDefinitions', name];
    if (platform === 'EC2') {
      if (!Number.isInteger(vcpus)) report([...path, 'vcpus'], 'must be a whole number on EC2');
      for (const field of fargateOnly) {
        if (definition[field] !== undefined) report([...path, field], 'is of Fargate, and the platform is EC2', 'name');
      }
      continue;
    }
    const right = 'is of EC2, and the platform is FARGATE';
    if (gpus !== undefined) report([...path, 'gpus'], right, 'name');
    if (privileged) report([...path, 'privileged'], right, 'name');
    for (const [index, { host }] of volumes.entries()) {
      if (host?.sourcePath !== undefined) report([...path, 'volumes', index, 'host'], right, 'name');
    }
  }
};

/** A job bigger than every compute environment of its queue would wait in RUNNABLE for ever. */
export const jobsFitTheirQueue: Rule = ({ config }, report) => {
  for (const { path, submission } of submissions(config)) {
    const definition = config.jobDefinitions[submission.jobDefinition];
    const queue = config.jobQueues[submission.jobQueue];
    const environments = (queue?.computeEnvironments ?? []).map((name) => config.computeEnvironments[name]);
    if (definition === undefined || environments.length === 0 || environments.includes(undefined)) continue;
    const most = Math.max(...environments.map((environment) => environment?.maxvCpus ?? 0));
    if (definition.vcpus > most) {
      const message = `has compute environments of at most ${most} vCPU, and "${submission.jobDefinition}" needs ${definition.vcpus}: the job would never start`;
      report([...path, 'jobQueue'], message);
    }
  }
};
