import { namesOf } from '../authorization/caller-names.ts';
import { needsOf, siteOf } from '../authorization/gate.ts';
import { accessDenied } from '../authorization/refusals.ts';
import type { Around, ServedCall } from '../wire/around.ts';
import { AwsError } from '../wire/errors.ts';
import type { World } from '../world.ts';
import { isChange, nameIn, textAt } from './calls.ts';
import { Spells } from './spells.ts';
import type { Draw, Storm } from './storm.ts';

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message);

/** Other services hear of a role, and of what it may do, seconds to over a minute after IAM has answered. */
export function freshRoles(world: World, draw: Draw, { lag }: Storm): Around {
  const unknown = new Spells(draw, 'roles', lag);
  const powerless = new Spells(draw, 'policies', lag);
  const roles = new Map<string, string>();

  /** Jobs and functions at work are let be; what they would lose here nobody would repeat. */
  const refuseSession = (call: ServedCall): void => {
    const { principal } = call.context;
    if (principal.type !== 'role' || !isChange(call) || !powerless.holds(nameIn(principal.roleArn))) return;
    const [need] = needsOf(call.service, call.operation, call.input, siteOf(world));
    if (need === undefined) return;
    const undecided = { allowed: false, explicit: false, by: 'identity-based policy' } as const;
    throw accessDenied(call.service, namesOf(world, principal).display, need.action, need.resource, undecided);
  };

  const refuseRole = (call: ServedCall): void => {
    const { function: made, schedule, destination } = asked(call);
    if (made !== undefined && unknown.holds(made.role))
      throw invalid('The role defined for the function cannot be assumed by Lambda.');
    if (schedule !== undefined && unknown.holds(schedule.role)) {
      const message = 'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.';
      throw new AwsError('ValidationException', message);
    }
    if (destination !== undefined && powerless.holds(roles.get(destination.function) ?? '')) {
      const { target } = destination;
      const action = target.split(':')[2] === 'sns' ? 'Publish' : 'SendMessage';
      throw invalid(`The function's execution role does not have permissions to call ${action} on ${target}`);
    }
  };

  return async (call, answer) => {
    refuseSession(call);
    refuseRole(call);
    const output = await answer(call);
    const { function: made } = asked(call);
    if (made !== undefined) roles.set(made.name, made.role);
    const role = call.service === 'iam' ? textAt(call.input, 'RoleName') : undefined;
    if (role !== undefined && call.operation === 'CreateRole') unknown.begin(role);
    if (role !== undefined && /^(Put|Attach)RolePolicy$/.test(call.operation)) powerless.begin(role);
    return output;
  };
}

/** What a call wants of a role: to make a function or a schedule with it, or to let a function send with it. */
function asked({ service, operation, input }: ServedCall) {
  const role = textAt(input, 'Role');
  const name = nameIn(textAt(input, 'FunctionName') ?? '');
  const scheduled = textAt(input, 'Target', 'RoleArn');
  const target = textAt(input, 'DestinationConfig', 'OnFailure', 'Destination');
  const ofFunction = service === 'lambda' && /^(CreateFunction|UpdateFunctionConfiguration)$/.test(operation);
  return {
    function: ofFunction && role !== undefined ? { name, role: nameIn(role) } : undefined,
    schedule: service === 'scheduler' && scheduled !== undefined ? { role: nameIn(scheduled) } : undefined,
    destination: service === 'lambda' && target !== undefined ? { function: name, target } : undefined,
  };
}
