import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The Dockerfile of a folder, as text. Throws when there is none. */
export function readDockerfile(folder: string): string {
  const path = join(folder, 'Dockerfile');
  if (!existsSync(path)) throw new Error(`building the image of ${folder}: it has no Dockerfile`);
  return readFileSync(path, 'utf8');
}

/** Instructions of the stage that becomes the image: the last one. */
const lastStage = (dockerfile: string): string => dockerfile.split(/^(?=FROM[ \t])/im).at(-1) ?? '';

/** The variables that the Dockerfile gives the image, so that a process without a container gets them too. */
export function environmentOf(dockerfile: string, folder: string): string[] {
  return [...lastStage(dockerfile).matchAll(/^ENV[ \t]+(.*?)[ \t\r]*$/gim)].flatMap(([line, list = '']) => {
    const assignments = list.split(/[ \t]+/);
    if (!assignments.every((each) => /^[A-Za-z_]\w*=[^\s"'\\$]*$/.test(each)))
      throw new Error(
        `reading ${join(folder, 'Dockerfile')}: "${line}" must be ENV NAME=value, without quotes, "$" and line breaks`,
      );
    return assignments;
  });
}

/** How the image starts, in the form that no shell comes between: SIGTERM reaches the program itself. */
function entrypointOf(dockerfile: string): readonly string[] {
  const [, list = ''] = /^ENTRYPOINT[ \t]+(\[.*\])[ \t\r]*$/im.exec(lastStage(dockerfile)) ?? [];
  try {
    const parts: unknown = JSON.parse(list);
    return Array.isArray(parts) ? parts.map(String) : [];
  } catch (error) {
    // What is no JSON is taken for a shell's command by docker too.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** A program and files by the names that they have on every machine: `/nodejs/bin/node` is `node`, `/app/x` is `x`. */
const bare = ([program = '', ...args]: readonly string[]): readonly string[] =>
  [program.replace(/^\/(?!app\/).*\//, ''), ...args].map((part) => part.replace(/^(\/app|\.)\//, ''));

/**
 * What the Dockerfile gives Node beside the bundle, so that a process without a container gets it too. Throws where it
 * starts anything else.
 */
export function nodeFlagsOf(dockerfile: string, folder: string): string[] {
  const [program, ...args] = bare(entrypointOf(dockerfile));
  const flags = args.slice(0, -1);
  if (program === 'node' && args.at(-1) === 'main.mjs' && flags.every((flag) => flag.startsWith('--'))) return flags;
  throw new Error(`reading ${join(folder, 'Dockerfile')}: ENTRYPOINT must be ["node", flags …, "/app/main.mjs"]`);
}

/** Throws where the image would start something else than the process does without a container. */
export function refuseOtherStart(dockerfile: string, start: readonly string[], folder: string): void {
  if (bare(entrypointOf(dockerfile)).join('\0') === bare(start).join('\0')) return;
  throw new Error(
    `reading ${join(folder, 'Dockerfile')}: its ENTRYPOINT must be ${JSON.stringify(start)}, as "process" in job.yaml is, so that the container starts what the process does`,
  );
}

/**
 * The base images whose content the Dockerfile does not settle, as it names them: a tag moves, and the hash of an image
 * does not move with it.
 */
export function unpinnedBases(dockerfile: string): string[] {
  const stages = new Set(['scratch']);
  const unpinned: string[] = [];
  for (const [, image = '', stage] of dockerfile.matchAll(
    /^FROM[ \t]+(?:--platform=\S+[ \t]+)?(\S+)(?:[ \t]+AS[ \t]+(\S+))?/gim,
  )) {
    if (!stages.has(image.toLowerCase()) && !/@sha256:[0-9a-f]{64}$/.test(image)) unpinned.push(image);
    if (stage !== undefined) stages.add(stage.toLowerCase());
  }
  return [...new Set(unpinned)];
}
