import type { Around, ServedCall } from '../wire/around.ts';
import { AwsError } from '../wire/errors.ts';
import { isRecord } from '../wire/traits.ts';
import { nameIn, textAt } from './calls.ts';
import { Spells } from './spells.ts';
import type { Draw } from './storm.ts';

/** What waits until the function is ready for it. Permissions and tags do not. */
const waiting = /^Update|^PutFunctionEventInvokeConfig$/;

/** https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
const creating = {
  State: 'Pending',
  StateReason: 'The function is being created.',
  StateReasonCode: 'Creating',
  LastUpdateStatus: undefined,
};
const updating = {
  LastUpdateStatus: 'InProgress',
  LastUpdateStatusReason: 'The function is being created.',
  LastUpdateStatusReasonCode: 'Creating',
};

/** A new function is Pending, a changed one InProgress, for a few calls; until then it takes no other change. */
export function functionStates(draw: Draw, lag: number): Around {
  const creation = new Spells(draw, 'creating', lag);
  const update = new Spells(draw, 'updating', lag);
  const stateOf = (name: string) => {
    if (creation.holds(name)) return creating;
    return update.holds(name) ? updating : {};
  };
  const begun = ({ operation }: ServedCall, name: string) => {
    if (operation === 'CreateFunction') return creation.begin(name) ? creating : {};
    if (operation.startsWith('UpdateFunctionC')) return update.begin(name) ? updating : {};
    return /^GetFunction(Configuration)?$/.test(operation) ? stateOf(name) : {};
  };
  return async (call, answer) => {
    const reference = call.service === 'lambda' ? textAt(call.input, 'FunctionName') : undefined;
    if (reference === undefined) return answer(call);
    const name = nameIn(reference);
    if (waiting.test(call.operation)) refuse(stateOf(name), reference);
    const output = await answer(call);
    if (call.operation === 'DeleteFunction') for (const spells of [creation, update]) spells.end(name);
    return withState(output, begun(call, name));
  };
}

function refuse(state: object, reference: string): void {
  if (state === creating) throw busy('The function is currently in the following state: Pending');
  if (state === updating) throw busy(`An update is in progress for resource: ${reference}`);
}

const busy = (reason: string): AwsError =>
  new AwsError('ResourceConflictException', `The operation cannot be performed at this time. ${reason}`, 409, {
    Type: 'User',
  });

/** GetFunction has the configuration inside; what has none, such as asynchronous settings, has no state. */
function withState(output: unknown, state: object): unknown {
  if (!isRecord(output)) return output;
  if (isRecord(output['Configuration'])) return { ...output, Configuration: { ...output['Configuration'], ...state } };
  return 'State' in output ? { ...output, ...state } : output;
}
