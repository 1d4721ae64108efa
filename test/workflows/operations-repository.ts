import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './runner/host.ts';

export const account = '000000000000';
export const environments = ['staging', 'production'] as const;

const config = `project: shop
computeEnvironments: { fargate: { type: FARGATE, maxvCpus: 2 } }
jobQueues:
  main: { priority: 1, computeEnvironments: [fargate] }
jobDefinitions:
  greet: { image: jobs/greet, vcpus: 0.25, memory: 512, environment: { GREETING: hello, EXIT_CODE: 0 } }
  absent: { image: "${account}.dkr.ecr.eu-central-1.amazonaws.com/absent:1", vcpus: 0.25, memory: 512 }
`;

const environment = (prefix: string): string => `target: embedded
account: "${account}"
region: eu-central-1
prefix: ${prefix}
permissionsBoundary: github-${prefix}-boundary
network: { subnets: [subnet-1], securityGroupIds: [sg-1] }
`;

const files: Readonly<Record<string, string>> = {
  'config/shop.yaml': config,
  ...Object.fromEntries(environments.map((name) => [`config/environments/${name}.yaml`, environment(name)])),
  'jobs/greet/Dockerfile': 'FROM busybox\nWORKDIR /app\nCOPY main.sh ./\nENTRYPOINT ["sh", "/app/main.sh"]\n',
  'jobs/greet/job.yaml': 'process: [sh, /app/main.sh]\n',
  'jobs/greet/main.sh': 'echo "$GREETING, $WHOM"\nexit "$EXIT_CODE"\n',
};

/** This repository with a small config and job of its own, as a bare remote and the folder of somebody who works on it. */
export class OperationsRepository {
  readonly remote: string;
  readonly folder: string;

  constructor(within: string) {
    this.remote = join(within, 'remote.git');
    this.folder = join(within, 'clone');
    mkdirSync(this.folder);
    // No scripts: steps find their commands elsewhere, and every job would check out six hundred files.
    for (const part of ['.github', 'package.json', 'tsconfig.json'])
      cpSync(part, join(this.folder, part), { recursive: true });
    for (const [name, text] of Object.entries(files)) this.#write(name, text);
    git(within, 'init', '--quiet', '--bare', '--initial-branch=main', this.remote);
    git(this.folder, 'init', '--quiet', '--initial-branch=main');
    git(this.folder, 'config', 'user.name', 'Somebody');
    git(this.folder, 'config', 'user.email', 'somebody@example.com');
    git(this.folder, 'remote', 'add', 'origin', this.remote);
    this.#commit('main', 'Begin');
  }

  /** Puts another text in the place of one in a file of a branch that begins at main, and pushes it. Returns the commit. */
  change(branch: string, name: string, from: string, to: string): string {
    git(this.folder, 'checkout', '--quiet', '-b', branch, 'main');
    const text = readFileSync(join(this.folder, name), 'utf8');
    if (!text.includes(from)) throw new Error(`changing ${name}: there is no ${from}`);
    this.#write(name, text.replace(from, to));
    return this.#commit(branch, `Change ${name}`);
  }

  /** Merges a branch, as the button of a pull request does. Returns the commit. */
  merge(branch: string): string {
    git(this.folder, 'checkout', '--quiet', 'main');
    git(this.folder, 'merge', '--quiet', '--no-ff', '-m', `Merge ${branch}`, branch);
    git(this.folder, 'push', '--quiet', 'origin', 'main');
    return this.main();
  }

  main(): string {
    return git(this.folder, 'rev-parse', 'main').trim();
  }

  #write(name: string, text: string): void {
    mkdirSync(join(this.folder, name, '..'), { recursive: true });
    writeFileSync(join(this.folder, name), text);
  }

  #commit(branch: string, message: string): string {
    git(this.folder, 'add', '--all');
    git(this.folder, 'commit', '--quiet', '-m', message);
    git(this.folder, 'push', '--quiet', 'origin', branch);
    return git(this.folder, 'rev-parse', 'HEAD').trim();
  }
}
