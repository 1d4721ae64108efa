import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import type { Deployment } from './function.ts';

/** What Lambda does to hand an event on, by the service of the target. */
const deliveries: Readonly<Record<string, { readonly action: string; readonly call: string; readonly name: string }>> =
  {
    sqs: { action: 'sqs:SendMessage', call: 'SendMessage', name: 'SQS' },
    sns: { action: 'sns:Publish', call: 'Publish', name: 'SNS' },
  };

type Sender = Pick<Deployment, 'functionName'> & { readonly role: string };

/** Lambda takes a target only if the function's role may reach it at that time. */
function missing(world: World, { role, functionName }: Sender, target: string | undefined) {
  const delivery = deliveries[target?.split(':')[2] ?? ''];
  if (target === undefined || delivery === undefined) return undefined;
  const caller = { type: 'role', roleArn: role, session: functionName } as const;
  return world.ports.authority.allows(caller, delivery.action, target) ? undefined : delivery;
}

const refuse = (message: string): never => {
  throw new AwsError('InvalidParameterValueException', message, 400);
};

/** @throws AwsError InvalidParameterValueException */
export function requireDeadLetterTarget(world: World, sender: Sender, target: string | undefined): void {
  const delivery = missing(world, sender, target);
  if (delivery !== undefined)
    refuse(`The provided execution role does not have permissions to call ${delivery.call} on ${delivery.name}`);
}

/** @throws AwsError InvalidParameterValueException */
export function requireDestination(world: World, sender: Sender, target: string | undefined): void {
  const delivery = missing(world, sender, target);
  if (delivery !== undefined)
    refuse(`The function's execution role does not have permissions to call ${delivery.call} on ${target}`);
}
