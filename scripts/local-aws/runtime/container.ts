import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { UnpackedImage } from '../world.ts';
import { removeFolder } from './folder-removal.ts';
import { type ProcessCommand, type ProcessGroup, startProcessGroup } from './process-group.ts';
import { watchResidentMemory } from './resident-memory.ts';

export interface ContainerSpec {
  /** Names the container; unique while it runs. */
  readonly name: string;
  /** Replaces the image's command when it is not empty; the entrypoint stays. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMiB: number;
  readonly onLines: (lines: readonly string[]) => void;
  /** Breaks off what comes before the container runs, such as a pull. */
  readonly signal: AbortSignal;
}

export interface ContainerExit {
  readonly exitCode: number;
  /** Only when the exit was not the program's own doing. */
  readonly reason?: string;
}

export interface Container {
  readonly exited: Promise<ContainerExit>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** A container that could not be started, in ECS's words: a reason of the container, or why its whole task stopped. */
export class ContainerStartError extends Error {
  override readonly name = 'ContainerStartError';
  readonly subject: 'container' | 'task';

  constructor(message: string, subject: 'container' | 'task' = 'container') {
    super(message);
    this.subject = subject;
  }
}

/** In the words of ECS's agent, whatever the image is of. */
export const cannotPull = (image: string, why: string): ContainerStartError =>
  new ContainerStartError(
    `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${why}`,
  );

/**
 * Runs an unpacked image as a process of this machine. Paths of the image lie below its folder; what the image does not
 * hold (an interpreter, a shell) is the machine's, and `node` is the running Node. Throws ContainerStartError.
 *
 * @param directory a path that does not exist yet: made for this run, removed after it. The process works in it, and
 * finds there what lies in the working directory of the image, as it would in a container.
 */
export async function startContainer(
  image: UnpackedImage,
  spec: Omit<ContainerSpec, 'signal'>,
  directory: string,
): Promise<Container> {
  const [program, ...args] = [...image.entrypoint, ...(spec.command.length > 0 ? spec.command : image.command)];
  if (program === undefined) throw new ContainerStartError('CannotStartContainerError: no command specified');
  const executable = executableOf(image, program);
  const group = await startIn(directory, join(image.root, image.workingDirectory), {
    program: executable,
    args: args.map((arg) => pathInImage(image, arg) ?? arg),
    environment: environmentOf(image, spec, directory),
    onLines: spec.onLines,
  });
  let outOfMemory = false;
  const memory = watchResidentMemory(group.pid, spec.memoryMiB * 1024 * 1024, () => {
    outOfMemory = true;
    group.kill('SIGKILL');
  });
  const exited = group.exited.then(async (exitCode): Promise<ContainerExit> => {
    memory.stop();
    await removeFolder(directory);
    const reason = 'OutOfMemoryError: Container killed due to memory usage';
    return outOfMemory ? { exitCode: 137, reason } : { exitCode };
  });
  return { exited, kill: (signal) => group.kill(signal) };
}

async function startIn(
  directory: string,
  shown: string,
  command: Omit<ProcessCommand, 'workingDirectory'>,
): Promise<ProcessGroup> {
  try {
    await mkdir(directory, { recursive: true });
    for (const name of existsSync(shown) ? await readdir(shown) : [])
      await symlink(join(shown, name), join(directory, name));
    return await startProcessGroup({ ...command, workingDirectory: directory }).catch(async (error: unknown) => {
      await removeFolder(directory);
      throw error;
    });
  } catch (error) {
    throw new ContainerStartError(`CannotStartContainerError: ${error instanceof Error ? error.message : error}`);
  }
}

/** The image's PATH names folders of the image; its programs are found by executableOf, the rest is the machine's. */
function environmentOf(
  image: UnpackedImage,
  spec: Pick<ContainerSpec, 'environment'>,
  directory: string,
): Record<string, string> {
  return {
    ...image.environment,
    HOME: directory,
    TMPDIR: directory,
    ...spec.environment,
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  };
}

function executableOf(image: UnpackedImage, program: string): string {
  if (/^(\/usr(\/local)?\/bin\/)?node$/.test(program)) return process.execPath;
  const candidates = program.includes('/')
    ? [pathInImage(image, program), program]
    : [
        ...foldersOf(image.environment['PATH']).map((folder) => join(image.root, folder, program)),
        ...foldersOf(process.env['PATH']).map((folder) => join(folder, program)),
      ];
  const found = candidates.find((path) => path !== undefined && isExecutable(path));
  if (found !== undefined) return found;
  throw new ContainerStartError(
    `CannotStartContainerError: exec: "${program}": executable file not found in the image or on this machine`,
  );
}

function pathInImage(image: UnpackedImage, path: string): string | undefined {
  if (path.startsWith('/')) return existing(join(image.root, path));
  return path.startsWith('./') ? existing(join(image.root, image.workingDirectory, path)) : undefined;
}

const existing = (path: string): string | undefined => (existsSync(path) ? path : undefined);

const foldersOf = (path: string | undefined): string[] => path?.split(delimiter).filter((each) => each !== '') ?? [];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
