import { randomUUID } from 'node:crypto';
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
  sqs: ({ world, arn, payload, ruleArn }) => world.ports.queues.send(arn, payload, eventBridgeFor(ruleArn)),
  // EventBridge does not tell SNS for which rule it publishes, so no condition on it is ever met.
  sns: ({ world, arn, payload }) => world.ports.topics.publish(arn, payload, eventBridgeFor(undefined)),
  batch: ({ world, arn, target }) => {
    const { JobName = '', JobDefinition = '', ArrayProperties, RetryStrategy } = target.BatchParameters ?? {};
    requireSubmission(world, target.RoleArn ?? '', arn, JobDefinition);
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

/** EventBridge at work for a rule, whom the policies of queues and topics must let in. */
export const eventBridgeFor = (ruleArn: string | undefined) =>
  ({ type: 'service', service: 'events.amazonaws.com', arn: ruleArn }) as const;

/** A job is submitted as the target's role, which must trust EventBridge and be allowed to submit it. */
function requireSubmission(world: World, roleArn: string, queueArn: string, jobDefinition: string): void {
  const { partition, region, account, ports } = world;
  const session = randomUUID().replaceAll('-', '');
  ports.identity.credentialsFor(roleArn, session, 'events.amazonaws.com');
  const definitionArn = jobDefinition.startsWith('arn:')
    ? jobDefinition
    : `arn:${partition}:batch:${region}:${account}:job-definition/${jobDefinition}`;
  for (const resource of [definitionArn, queueArn])
    ports.authority.require({ type: 'role', roleArn, session }, 'batch:SubmitJob', resource);
}

const serviceOf = (arn: string): string => arn.split(':')[2] ?? '';

export const isKnownTarget = (arn: string): boolean => Object.hasOwn(targetServices, serviceOf(arn));

/** Hands a payload to a target. Throws the AwsError of the target's service. */
export function invoke(world: World, ruleArn: string, target: Target, event: BusEvent, payload: string): void {
  const arn = target.Arn ?? '';
  const run = targetServices[serviceOf(arn)];
  if (run === undefined) throw new Error(`invoking target "${arn}": PutTargets lets no such target in`);
  run({ world, ruleArn, target, arn, event, payload });
}
