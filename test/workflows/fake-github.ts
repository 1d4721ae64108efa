import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

/** A comment or an issue, as GitHub's API has it. */
interface Entry {
  readonly id: number;
  readonly number?: number;
  readonly user: { readonly login: string };
  title?: string;
  body: string;
  state?: string;
  readonly pull_request?: object;
}

const Sent = z.strictObject({
  title: z.string().optional(),
  body: z.string().optional(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.string().optional(),
});

const bot = { login: 'github-actions[bot]' } as const;

export const repository = 'acme/operations';
/** Of the repository and its owner, which newer tokens name. */
export const ids = { owner: 7, repository: 42 } as const;

type Permissions = Readonly<Record<string, string>>;

/** What `github.token` is in a job with these permissions. */
export const tokenWith = (permissions: Permissions): string =>
  `ghs_${Buffer.from(JSON.stringify(permissions)).toString('base64url')}`;

const Permissions = z.record(z.string(), z.string());

function permissionsIn(authorization = ''): Permissions | undefined {
  const [, encoded] = /^Bearer ghs_(.+)$/.exec(authorization) ?? [];
  return encoded === undefined
    ? undefined
    : Permissions.parse(JSON.parse(Buffer.from(encoded, 'base64url').toString()));
}

/** https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens */
function isPermitted(method: string, path: string, permissions: Permissions): boolean {
  const needed = path.startsWith('/environments/')
    ? ['actions']
    : path.includes('/comments')
      ? ['issues', 'pull-requests']
      : ['issues'];
  return needed.some((name) => permissions[name] === 'write' || (method === 'GET' && permissions[name] === 'read'));
}

/** GitHub's API as far as the workflows use it, for one repository and in memory. */
export class FakeGitHub implements AsyncDisposable {
  readonly comments = new Map<number, Entry[]>();
  readonly issues: Entry[] = [];
  /** By name: how many required reviewers an environment has. */
  readonly reviewers = new Map<string, number>();
  /** What was changed, such as `PATCH /issues/3`. */
  readonly changes: string[] = [];
  readonly url: string;
  readonly #close: () => void;
  #last = 100;

  private constructor(url: string, close: () => void) {
    this.url = url;
    this.#close = close;
  }

  static async start(): Promise<FakeGitHub> {
    let github: FakeGitHub | undefined;
    const server = createServer((request, response) => {
      github?.answer(request, response).catch((error: unknown) => response.destroy(new Error(String(error))));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the fake GitHub has no port');
    github = new FakeGitHub(`http://127.0.0.1:${address.port}`, () => {
      server.close();
      server.closeAllConnections();
    });
    return github;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
  }

  /** What somebody has written on a pull request; the bot unless told otherwise. */
  addComment(pullRequest: number, body: string, login: string = bot.login): Entry {
    const entry = { id: ++this.#last, user: { login }, body };
    this.comments.set(pullRequest, [...(this.comments.get(pullRequest) ?? []), entry]);
    return entry;
  }

  addIssue(body: string, more: Partial<Entry> = {}): Entry {
    const number = this.issues.length + 1;
    const entry = { id: ++this.#last, number, user: bot, body, state: 'open', ...more };
    this.issues.push(entry);
    return entry;
  }

  bodies(pullRequest: number): readonly string[] {
    return (this.comments.get(pullRequest) ?? []).map(({ body }) => body);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '' } = request;
    const url = new URL(request.url ?? '', this.url);
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const prefix = `/repos/${repository}`;
    const permissions = permissionsIn(request.headers.authorization);
    if (permissions === undefined) return send(401, { message: 'Bad credentials' });
    if (!url.pathname.startsWith(prefix)) return send(404, { message: 'Not Found' });
    const path = url.pathname.slice(prefix.length);
    if (!isPermitted(method, path, permissions)) {
      return send(403, { message: 'Resource not accessible by integration' });
    }
    const found =
      method === 'GET'
        ? this.#read(path, url.searchParams)
        : this.#change(method, path, Sent.parse(await json(request)));
    if (method !== 'GET') this.changes.push(`${method} ${path}`);
    return found === undefined ? send(404, { message: 'Not Found' }) : send(method === 'POST' ? 201 : 200, found);
  }

  #read(path: string, query: URLSearchParams): unknown {
    const [size, page] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)];
    const paged = (entries: readonly Entry[]): readonly Entry[] => entries.slice((page - 1) * size, page * size);
    const [, pullRequest] = /^\/issues\/(\d+)\/comments$/.exec(path) ?? [];
    if (pullRequest !== undefined) return paged(this.comments.get(Number(pullRequest)) ?? []);
    if (path === '/issues') return paged(this.issues.filter(({ state }) => state === query.get('state')));
    const [, environment = ''] = /^\/environments\/(\w+)$/.exec(path) ?? [];
    const count = this.reviewers.get(environment);
    if (count === undefined) return undefined;
    const branches = { type: 'branch_policy' };
    const required = { type: 'required_reviewers', reviewers: Array.from({ length: count }, () => ({ type: 'Team' })) };
    return { name: environment, protection_rules: count === 0 ? [branches] : [branches, required] };
  }

  #change(method: string, path: string, { title, body, state }: z.infer<typeof Sent>): Entry | undefined {
    const [, kind = '', number, comments] = /^\/issues(?:\/(comments\/)?(\d+)(\/comments)?)?$/.exec(path) ?? [];
    if (method === 'POST' && comments !== undefined) return this.addComment(Number(number), body ?? '');
    if (method === 'POST' && path === '/issues') return this.addIssue(body ?? '', title === undefined ? {} : { title });
    const entries = kind === '' ? this.issues : [...this.comments.values()].flat();
    const entry = entries.find((each) => (kind === '' ? each.number : each.id) === Number(number));
    if (method !== 'PATCH' || entry === undefined) return undefined;
    return Object.assign(entry, { ...(body !== undefined && { body }), ...(state !== undefined && { state }) });
  }
}
