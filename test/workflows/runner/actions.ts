/** What stands in for the actions of others. */
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { assumeRole, type Claims, git, type Host } from './host.ts';

type Texts = Readonly<Record<string, string>>;

/** The job that a step belongs to. */
export interface Place {
  readonly host: Host;
  readonly commit: string;
  /** Of the token for AWS, which only a job with `id-token: write` gets. */
  readonly claims: Claims | undefined;
  /** For the rest of the job. */
  setVariables(variables: Texts): void;
}

function checkOut(inputs: Texts, { host, commit }: Place): void {
  const { 'persist-credentials': persist, 'sparse-checkout': sparse, ref = commit } = inputs;
  if (persist !== 'false') throw new Error('checking out: the token would stay in .git/config');
  const { remote, workspace } = host;
  git('.', 'clone', '--quiet', '--no-checkout', '--no-tags', resolve(remote), workspace);
  // Files at the top come along.
  if (sparse !== undefined) git(workspace, 'sparse-checkout', 'set', sparse);
  git(workspace, 'checkout', '--quiet', '--detach', ref === commit ? commit : `origin/${ref}`);
}

function upload({ name = '', path = '', 'if-no-files-found': missing }: Texts, { host }: Place): void {
  if (existsSync(path)) cpSync(path, join(host.artifacts, name), { recursive: true, force: true });
  else if (missing !== 'ignore') throw new Error(`uploading artifact ${name}: there is no ${path}`);
}

function download({ name, pattern = '', path = '' }: Texts, { host: { artifacts } }: Place): void {
  if (name !== undefined) {
    cpSync(join(artifacts, name), path, { recursive: true });
    return;
  }
  const prefix = pattern.replace(/\*$/, '');
  for (const artifact of readdirSync(artifacts).filter((each) => each.startsWith(prefix)))
    cpSync(join(artifacts, artifact), join(path, basename(artifact)), { recursive: true });
}

async function configureCredentials(inputs: Texts, { host, claims, setVariables }: Place): Promise<void> {
  const { 'role-to-assume': role = '', 'role-session-name': session = '', 'aws-region': region = '' } = inputs;
  if (claims === undefined) throw new Error(`assuming ${role}: the job has no permission id-token: write`);
  setVariables({
    ...(await assumeRole(host.endpoint, { role, session, claims })),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  });
}

type Action = (inputs: Texts, place: Place) => void | Promise<void>;

const nothing: Action = () => {};

const actions: Readonly<Record<string, Action>> = {
  'actions/checkout': checkOut,
  'actions/setup-node': nothing,
  'actions/upload-artifact': upload,
  'actions/download-artifact': download,
  'aws-actions/configure-aws-credentials': configureCredentials,
  // There is no cache to find the way to.
  'actions/github-script': nothing,
  'docker/setup-buildx-action': nothing,
};

/** Throws what makes the step fail. */
export async function runAction(uses: string, inputs: Texts, place: Place): Promise<void> {
  const action = actions[uses.replace(/@.*$/, '')];
  if (action === undefined) throw new Error(`running ${uses}: nothing stands in for it`);
  await action(inputs, place);
}
