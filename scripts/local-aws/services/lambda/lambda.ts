import { join } from 'node:path';
import { type Functions, taggedBy, type World } from '../../world.ts';
import { AsynchronousInvocations } from './asynchronous.ts';
import { CodeStore } from './code.ts';
import { EnvironmentPool } from './environment-pool.ts';
import { eventInvokeConfigHandlers } from './event-invoke-config.ts';
import { FunctionStore } from './function.ts';
import { functionHandlers } from './function-handlers.ts';
import type { LambdaHandlers } from './handlers.ts';
import { invokeHandlers } from './invoke.ts';
import { permissionHandlers } from './permissions.ts';
import { tagHandlers } from './tags.ts';

/** Lambda: runs the very zip it is given, in processes of this machine that stay warm between invocations. */
export function createLambda(world: World): { readonly handlers: LambdaHandlers; readonly functions: Functions } {
  const functions = new FunctionStore(world);
  const codes = new CodeStore(join(world.directory, 'lambda'));
  // Stopped last first: retries end, then processes, and only then their code goes.
  world.onStop.push(() => codes.removeAll());
  world.resourcePolicies.set('lambda', (functionArn) => functions.policyOf(functionArn));
  const pool = new EnvironmentPool(world);
  const asynchronous = new AsynchronousInvocations(world, functions, pool);
  world.tagged.push(() => functions.all().map(({ deployment, tags }) => taggedBy(deployment.functionArn, tags)));
  return {
    functions: asynchronous,
    handlers: {
      ...functionHandlers(world, functions, codes, pool),
      ...invokeHandlers(world, functions, pool, asynchronous),
      ...permissionHandlers(world, functions),
      ...eventInvokeConfigHandlers(world, functions),
      ...tagHandlers(functions),
    },
  };
}
