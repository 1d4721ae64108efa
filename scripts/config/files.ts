import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import type { Issue, Place } from './issue.ts';
import { parseYaml } from './parse.ts';
import { suggestion } from './suggestion.ts';
import { type Branch, branch, joined } from './tree.ts';

const start = (file: string): Place => ({ file, line: 1, column: 1 });

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

function yamlFiles(directory: string, issues: Issue[]): string[] {
  const files = isFolder(directory) ? readdirSync(directory).sort() : [];
  for (const file of files.filter((name) => name.endsWith('.yml'))) {
    const place = start(posix.join(directory, file));
    issues.push({ place, path: '', message: 'is not read: files of the config end in .yaml' });
  }
  return files.filter((name) => name.endsWith('.yaml'));
}

/** All files directly in the config folder as one tree; undefined when one of them cannot be read. */
export function readConfig(directory: string, issues: Issue[]): Branch | undefined {
  const before = issues.length;
  const files = yamlFiles(directory, issues);
  if (files.length === 0) {
    const message = isFolder(directory) ? 'there are no .yaml files in this folder' : 'there is no such folder';
    issues.push({ place: start(directory), path: '', message });
  }
  const trees = files.flatMap((name) => {
    const file = posix.join(directory, name);
    return parseYaml(file, readFileSync(file, 'utf8'), issues) ?? [];
  });
  const whole = joined(trees, start(directory), issues);
  return issues.length === before ? whole : undefined;
}

/** The file of one environment; undefined when it does not exist or cannot be read. */
export function readEnvironment(directory: string, environment: string, issues: Issue[]): Branch | undefined {
  const folder = posix.join(directory, 'environments');
  const names = yamlFiles(folder, issues).map((file) => file.slice(0, -'.yaml'.length));
  const file = `${folder}/${environment}.yaml`;
  // Looked up in the listing and not on disk, so that no name leads out of the folder.
  if (!names.includes(environment)) {
    // Of a folder that is not there, that is said already.
    const message = `there is no environment "${environment}"; ${suggestion(environment, names)}`;
    if (isFolder(directory)) issues.push({ place: start(file), path: '', message });
    return undefined;
  }
  return parseYaml(file, readFileSync(file, 'utf8'), issues);
}

/** The folders of this repository that images are built from, as `image` names them: `jobs/feed-watcher`. */
export function imageFolders(root: string): ReadonlySet<string> {
  const jobs = posix.join(root, 'jobs');
  const names = isFolder(jobs) ? readdirSync(jobs) : [];
  return new Set(
    names.filter((name) => existsSync(posix.join(jobs, name, 'Dockerfile'))).map((name) => `jobs/${name}`),
  );
}

export const emptyBranch = (file: string): Branch => branch(start(file));
