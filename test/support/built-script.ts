import { join } from 'node:path';

/** The variable by which run.ts tells the processes of tests where all that they run is built. */
export const builtVariable = 'BATON_BUILT_FOR_TESTS';

/** A script of scripts/ or .github/scripts/, built with the tests for each run of them. */
export function builtScript(name: string, of = 'scripts'): string {
  const folder = process.env[builtVariable];
  if (folder === undefined) throw new Error(`starting ${name}: it is not built; run tests by npm run test:all`);
  return join(folder, of, `${name}.mjs`);
}
