import { ContainerStartError } from '../../runtime/container.ts';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import type { Job } from './state.ts';
import { executionCaller } from './task-launch.ts';

export interface JobLog {
  /** The name of its stream. */
  readonly stream: string;
  /** Creates the stream, as ECS does before it starts the container. Throws ContainerStartError when it may not. */
  open(): void;
  write(lines: readonly string[]): void;
}

/** docs.aws.amazon.com/batch/latest/userguide/using_awslogs.html */
export function logOf(world: World, job: Job, taskId: string): JobLog {
  const options = job.container.logConfiguration?.options ?? {};
  const group = options['awslogs-group'] ?? '/aws/batch/job';
  const stream = `${options['awslogs-stream-prefix'] ?? job.definition.name}/default/${taskId}`;
  const writer = executionCaller(job, taskId);
  const write = (lines: readonly string[]): void => {
    const timestamp = world.clock.now();
    world.ports.logs.append(
      group,
      stream,
      lines.map((message) => ({ timestamp, message })),
      writer,
    );
  };
  return {
    stream,
    open() {
      try {
        write([]);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        throw new ContainerStartError(
          'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to ' +
            `create Cloudwatch log stream: ${error.code}: ${error.message}`,
          'task',
        );
      }
    },
    write(lines) {
      try {
        write(lines);
      } catch (error) {
        // The role has lost its permission since: the container runs on, and its log driver drops what it says.
        if (!(error instanceof AwsError)) throw error;
      }
    },
  };
}
