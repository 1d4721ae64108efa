import type { World } from '../../world.ts';
import type { Job } from './state.ts';

export interface JobLog {
  /** Creates the stream and returns its name. */
  open(): string;
  write(lines: readonly string[]): void;
}

/** docs.aws.amazon.com/batch/latest/userguide/using_awslogs.html */
export function logOf(world: World, job: Job, taskId: string): JobLog {
  const options = job.container.logConfiguration?.options ?? {};
  const group = options['awslogs-group'] ?? '/aws/batch/job';
  const stream = `${options['awslogs-stream-prefix'] ?? job.definition.name}/default/${taskId}`;
  const write = (lines: readonly string[]): void => {
    const timestamp = world.clock.now();
    world.ports.logs.append(
      group,
      stream,
      lines.map((message) => ({ timestamp, message })),
    );
  };
  return {
    write,
    open: () => {
      write([]);
      return stream;
    },
  };
}
