import { refused } from './errors.ts';

const steps = (from: number, to: number, step: number): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);

/**
 * MiB that may go with a number of vCPUs on Fargate
 * (docs.aws.amazon.com/batch/latest/APIReference/API_ResourceRequirement.html).
 */
const memoryByVcpus: ReadonlyMap<number, readonly number[]> = new Map([
  [0.25, [512, 1024, 2048]],
  [0.5, steps(1024, 4096, 1024)],
  [1, steps(2048, 8192, 1024)],
  [2, steps(4096, 16_384, 1024)],
  [4, steps(8192, 30_720, 1024)],
  [8, steps(16_384, 61_440, 4096)],
  [16, steps(32_768, 122_880, 8192)],
  [32, [61_440, 122_880, 249_856]],
]);

/** Throws in AWS's words when Fargate has no task of this size. */
export function checkFargateSize(vcpus: number, memoryMiB: number): void {
  if (memoryByVcpus.get(vcpus)?.includes(memoryMiB) === true) return;
  throw refused(`Fargate resource requirements (${vcpus.toFixed(2)} vCPU, ${memoryMiB} MiB) not valid.`);
}
