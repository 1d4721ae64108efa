import type { Target } from '@aws-sdk/client-eventbridge';
import type { BusEvent, World } from '../../world.ts';

interface Invocation {
  readonly world: World;
  readonly ruleArn: string;
  readonly target: Target;
  readonly arn: string;
  readonly event: BusEvent;
  readonly payload: string;
}

/** How a target of a service is invoked, by the service's name in ARNs. */
const targetServices: Readonly<Record<string, (invocation: Invocation) => void>> = {
  lambda: ({ world, arn, payload, ruleArn }) =>
    world.ports.functions.invokeAsync(arn, payload, { service: 'events.amazonaws.com', arn: ruleArn }),
  sqs: ({ world, arn, payload }) => world.ports.queues.send(arn, payload),
  sns: ({ world, arn, payload }) => world.ports.topics.publish(arn, payload),
  batch: ({ world, arn, target }) => {
    const { JobName = '', JobDefinition = '', ArrayProperties, RetryStrategy } = target.BatchParameters ?? {};
    world.ports.jobs.submit({
      ...{ jobName: JobName, jobQueue: arn, jobDefinition: JobDefinition },
      ...(ArrayProperties?.Size !== undefined && { arrayProperties: { size: ArrayProperties.Size } }),
      ...(RetryStrategy?.Attempts !== undefined && { retryStrategy: { attempts: RetryStrategy.Attempts } }),
    });
  },
  logs: ({ world, arn, event, payload }) => {
    const group = arn.split(':').slice(6).join(':').replace(/:\*$/, '');
    world.ports.logs.append(group, event.id, [{ timestamp: world.clock.now(), message: payload }]);
  },
};

const serviceOf = (arn: string): string => arn.split(':')[2] ?? '';

export const isKnownTarget = (arn: string): boolean => Object.hasOwn(targetServices, serviceOf(arn));

/** Hands a payload to a target. Throws the AwsError of the target's service. */
export function invoke(world: World, ruleArn: string, target: Target, event: BusEvent, payload: string): void {
  const arn = target.Arn ?? '';
  const run = targetServices[serviceOf(arn)];
  if (run === undefined) throw new Error(`invoking target "${arn}": PutTargets lets no such target in`);
  run({ world, ruleArn, target, arn, event, payload });
}
