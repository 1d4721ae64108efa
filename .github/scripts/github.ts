/** As much of GitHub's API as the workflows use. These files run as they are, on Node 24, without any package. */
import { appendFileSync } from 'node:fs';

/** A comment or an issue. */
export interface Entry {
  readonly id: number;
  /** Of an issue. */
  readonly number: number | undefined;
  readonly body: string;
  readonly author: string;
  readonly isPullRequest: boolean;
}

/** Whose entries are ours: what others write may hold our marks as well. */
const bot = 'github-actions[bot]';
const pageSize = 100;

/** Throws where the workflow did not set it. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`reading the environment: ${name} is not set`);
  return value;
}

const repository = (): string => `${setting('GITHUB_API_URL')}/repos/${setting('GITHUB_REPOSITORY')}`;

async function answerOf(method: string, path: string, body?: object): Promise<Response> {
  return await fetch(`${repository()}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${setting('GITHUB_TOKEN')}`,
      'x-github-api-version': '2022-11-28',
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

async function refused(method: string, path: string, answer: Response): Promise<Error> {
  return new Error(`asking GitHub to ${method} ${path}: ${answer.status} ${await answer.text()}`);
}

/** Throws with GitHub's reason. */
export async function change(method: 'POST' | 'PATCH', path: string, body: object): Promise<void> {
  const answer = await answerOf(method, path, body);
  if (!answer.ok) throw await refused(method, path, answer);
}

/** `undefined` where there is none. Throws with GitHub's reason for anything else. */
export async function read(path: string): Promise<unknown> {
  const answer = await answerOf('GET', path);
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw await refused('GET', path, answer);
  return await answer.json();
}

export const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null;

function entryOf(value: unknown): Entry {
  if (!isObject(value) || typeof value['id'] !== 'number') {
    throw new Error(`reading GitHub's answer: ${JSON.stringify(value)} is no comment and no issue`);
  }
  const { id, number, body, user, pull_request } = value;
  return {
    id,
    number: typeof number === 'number' ? number : undefined,
    body: typeof body === 'string' ? body : '',
    author: isObject(user) && typeof user['login'] === 'string' ? user['login'] : '',
    isPullRequest: pull_request !== undefined,
  };
}

/** The first entry of ours that begins with a mark, on however many pages. */
export async function findOwn(path: string, mark: string): Promise<Entry | undefined> {
  for (let page = 1; ; page++) {
    const found = await read(`${path}${path.includes('?') ? '&' : '?'}per_page=${pageSize}&page=${page}`);
    if (!Array.isArray(found)) throw new Error(`reading GitHub's answer: ${path} is no list`);
    const own = found
      .map(entryOf)
      .find(({ author, body, isPullRequest }) => author === bot && !isPullRequest && body.startsWith(mark));
    if (own !== undefined || found.length < pageSize) return own;
  }
}

/** Where all of this run can be read. */
export const runUrl = (): string =>
  `${setting('GITHUB_SERVER_URL')}/${setting('GITHUB_REPOSITORY')}/actions/runs/${setting('GITHUB_RUN_ID')}`;

export const summarize = (markdown: string): void => appendFileSync(setting('GITHUB_STEP_SUMMARY'), `${markdown}\n`);
export const output = (name: string, value: string): void =>
  appendFileSync(setting('GITHUB_OUTPUT'), `${name}=${value}\n`);
