import { hostname, userInfo } from 'node:os';

/** In a container a user may have a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}

const machine = (): string => `${userName()}@${hostname()}`;

/** Who applies: the run of a workflow on GitHub, or somebody's process. */
export function holderName(variables: NodeJS.ProcessEnv = process.env): string {
  const [server, repository, run] = ['GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID'].map(
    (name) => variables[name],
  );
  if (server && repository && run) return `${server}/${repository}/actions/runs/${run}`;
  return `${machine()}, pid ${process.pid}`;
}

/** Whether a holder is a process of this machine that is not there any more. */
export function isDeadHolder(holder: string): boolean {
  const pid = holder.startsWith(`${machine()}, pid `) ? Number(holder.split(', pid ').at(-1)) : Number.NaN;
  if (!Number.isInteger(pid)) return false;
  try {
    // Signal 0 is never sent: it only asks.
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
