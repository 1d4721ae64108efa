import { readFile, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes a folder the place where builders keep their credentials, instead of the user's, and returns the environment
 * that says so. It names the registry beforehand: with an empty file docker would prefer the system's keychain.
 */
export async function credentialsIn(
  folder: string,
  host: string,
  environment: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  const users = environment['DOCKER_CONFIG'] ?? join(environment['HOME'] ?? homedir(), '.docker');
  const file = join(folder, 'config.json');
  const context = await currentContext(join(users, 'config.json'));
  await writeFile(file, JSON.stringify({ auths: { [host]: {} }, ...context }), { mode: 0o600 });
  // docker keeps beside its credentials where its daemon is: Docker Desktop, colima and remote daemons live on that.
  await symlink(join(users, 'contexts'), join(folder, 'contexts'));
  return { ...environment, DOCKER_CONFIG: folder, REGISTRY_AUTH_FILE: file };
}

/** The daemon that the user chose with `docker context use`. */
async function currentContext(path: string): Promise<{ readonly currentContext?: string }> {
  const config: unknown = JSON.parse(await readOrEmpty(path));
  const chosen =
    typeof config === 'object' && config !== null && 'currentContext' in config ? config.currentContext : undefined;
  return typeof chosen === 'string' ? { currentContext: chosen } : {};
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}';
    throw error;
  }
}
