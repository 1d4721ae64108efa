import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What docker keeps beside its credentials: where its daemon is, its builders, and the programs that add commands to it. */
const neighbours = ['contexts', 'buildx', 'cli-plugins'] as const;

/**
 * Makes a folder the place where builders keep their credentials, instead of the user's, and returns the environment
 * that says so. It names the registry beforehand: with an empty file docker would prefer the system's keychain.
 *
 * @param withTheirs the user's credentials that lie in the file itself come along, those in a keychain do not
 */
export async function credentialsIn(
  folder: string,
  host: string,
  environment: NodeJS.ProcessEnv,
  { withTheirs }: { readonly withTheirs: boolean },
): Promise<NodeJS.ProcessEnv> {
  await mkdir(folder);
  const users = environment['DOCKER_CONFIG'] ?? join(environment['HOME'] ?? homedir(), '.docker');
  const file = join(folder, 'config.json');
  const theirs = objectOf(JSON.parse(await readOrEmpty(join(users, 'config.json'))));
  const pulls = withTheirs ? theirs : {};
  const config = {
    auths: { ...('auths' in pulls ? objectOf(pulls.auths) : {}), [host]: {} },
    ...('credHelpers' in pulls && { credHelpers: pulls.credHelpers }),
    // The daemon that the user chose with `docker context use`.
    ...('currentContext' in theirs && { currentContext: theirs.currentContext }),
  };
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  // Docker Desktop, colima, remote daemons and BuildKits live on these.
  for (const each of neighbours) await symlink(join(users, each), join(folder, each));
  return { ...environment, DOCKER_CONFIG: folder, REGISTRY_AUTH_FILE: file };
}

const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}';
    throw error;
  }
}
