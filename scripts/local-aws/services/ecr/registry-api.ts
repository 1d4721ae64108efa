import { createReadStream } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { existingImage, putImage } from './images.ts';
import type { LayerStore } from './layer-store.ts';
import { completeUpload, layerNotFound, uploadNotFound } from './layers.ts';
import type { RegistryLogins } from './registry-logins.ts';
import { type RegistryReply, refusalOf, refused } from './registry-reply.ts';
import type { Repositories } from './repositories.ts';
import type { Repository } from './repository.ts';

/** One request to a repository: the second part of its path, and its query. */
interface Call {
  readonly repository: Repository;
  readonly target: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
}

interface RegistryRoute {
  readonly methods: readonly string[];
  /** The repository's name, which has slashes, and what of it is asked for. */
  readonly path: RegExp;
  /** What its caller must be allowed to do in the repository. */
  readonly needs: readonly string[];
  handle(call: Call): Promise<RegistryReply> | RegistryReply;
}

/** A manifest is text of at most 4 MiB, as in PutImage. */
const longestManifest = 4 << 20;

/**
 * Docker's Registry HTTP API, as far as pushing and pulling an image goes: what docker, podman and buildah speak.
 * https://distribution.github.io/distribution/spec/api/
 */
export function registryApi(
  world: World,
  repositories: Repositories,
  store: LayerStore,
  logins: RegistryLogins,
): RequestListener {
  const routes = [...uploadRoutes(world, store), ...blobRoutes(world, store), ...manifestRoutes(world)];
  const answer = async (request: IncomingMessage): Promise<RegistryReply> => {
    const caller = logins.holder(request.headers.authorization);
    if (caller === undefined) return refused(401, 'UNAUTHORIZED', 'Not Authorized');
    const { pathname, searchParams: query } = new URL(request.url ?? '/', world.endpoint());
    if (pathname === '/v2/') return { status: 200 };
    for (const { methods, path, needs, handle } of routes) {
      const [, name, target = ''] = path.exec(pathname) ?? [];
      if (name === undefined || !methods.includes(request.method ?? '')) continue;
      const repository = repositories.existing(name);
      for (const action of needs) world.ports.authority.require(caller, action, repository.arn);
      return handle({ repository, target, query, request });
    }
    return refused(404, 'UNSUPPORTED', `${request.method} ${pathname} is not of this registry`);
  };
  return (request, response) => {
    void answer(request)
      .catch(refusalOf)
      .then((reply) => send(reply, request, response));
  };
}

function send(
  { status, headers, body, file }: RegistryReply,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.writeHead(status, { 'docker-distribution-api-version': 'registry/2.0', ...headers });
  // Whichever side fails, the connection breaks: nothing else tells the client that it has not got the whole layer.
  if (file !== undefined && request.method !== 'HEAD') pipeline(createReadStream(file), response, () => undefined);
  else response.end(request.method === 'HEAD' ? undefined : body);
  // What was left unread would block the connection's next request.
  request.resume();
}

/** A blob comes whole with the first request, whole with the last, or in any number of requests between. */
function uploadRoutes(world: World, store: LayerStore): RegistryRoute[] {
  const append = async (id: string, request: IncomingMessage): Promise<void> => {
    if (store.received(id) === undefined) throw uploadNotFound(id);
    for await (const chunk of request) await store.append(id, chunk);
  };
  const accepted = ({ name }: Repository, id: string): RegistryReply => ({
    status: 202,
    headers: {
      location: `/v2/${name}/blobs/uploads/${id}`,
      range: `0-${Math.max(0, (store.received(id) ?? 0) - 1)}`,
      'docker-upload-uuid': id,
    },
  });
  const complete = async ({ repository, query, request }: Call, id: string): Promise<RegistryReply> => {
    await append(id, request);
    const digest = query.get('digest') ?? '';
    await unlessThere('LayerAlreadyExistsException', () => completeUpload(world, repository, store, id, digest));
    return stored(repository, 'blobs', digest);
  };
  return [
    {
      methods: ['POST'],
      path: /^\/v2\/(.+)\/blobs\/uploads\/$/,
      needs: ['ecr:InitiateLayerUpload'],
      handle: async (call) => {
        const id = await store.begin();
        return call.query.has('digest') ? complete(call, id) : accepted(call.repository, id);
      },
    },
    {
      methods: ['PATCH'],
      path: /^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/,
      needs: ['ecr:UploadLayerPart'],
      handle: async ({ repository, target, request }) => {
        await append(target, request);
        return accepted(repository, target);
      },
    },
    {
      methods: ['PUT'],
      path: /^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/,
      needs: ['ecr:CompleteLayerUpload'],
      handle: (call) => complete(call, call.target),
    },
  ];
}

function blob(world: World, store: LayerStore, { repository, target }: Call): RegistryReply {
  const layer = repository.layers.get(target);
  if (layer === undefined) throw layerNotFound(world, repository, target);
  const headers = { 'content-type': 'application/octet-stream', 'docker-content-digest': target };
  return { status: 200, headers: { ...headers, 'content-length': layer.size }, file: store.path(target) };
}

const blobRoutes = (world: World, store: LayerStore): RegistryRoute[] => [
  {
    methods: ['HEAD'],
    path: /^\/v2\/(.+)\/blobs\/([^/]+)$/,
    needs: ['ecr:BatchCheckLayerAvailability'],
    handle: (call) => blob(world, store, call),
  },
  {
    methods: ['GET'],
    path: /^\/v2\/(.+)\/blobs\/([^/]+)$/,
    needs: ['ecr:GetDownloadUrlForLayer'],
    handle: (call) => blob(world, store, call),
  },
];

const manifestRoutes = (world: World): RegistryRoute[] => [
  {
    methods: ['HEAD', 'GET'],
    path: /^\/v2\/(.+)\/manifests\/([^/]+)$/,
    needs: ['ecr:BatchGetImage'],
    handle: ({ repository, target }) => {
      const { digest, manifest, mediaType } = existingImage(repository, identifier(target));
      const headers = { 'content-type': mediaType, 'docker-content-digest': digest };
      return { status: 200, headers: { ...headers, 'content-length': Buffer.byteLength(manifest) }, body: manifest };
    },
  },
  {
    methods: ['PUT'],
    path: /^\/v2\/(.+)\/manifests\/([^/]+)$/,
    needs: ['ecr:PutImage'],
    handle: async ({ repository, target, request }) => {
      const imageManifest = await textOf(request);
      const imageManifestMediaType = request.headers['content-type'];
      const given = { imageManifest, imageManifestMediaType, ...identifier(target) };
      await unlessThere('ImageAlreadyExistsException', () => putImage(world, repository, given));
      return stored(repository, 'manifests', target);
    },
  },
];

const identifier = (reference: string) =>
  reference.startsWith('sha256:') ? { imageDigest: reference } : { imageTag: reference };

const stored = ({ name }: Repository, what: 'blobs' | 'manifests', target: string): RegistryReply => ({
  status: 201,
  headers: { location: `/v2/${name}/${what}/${target}` },
});

/** Pushing what is there already is no mistake in this API. */
async function unlessThere(code: string, work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== code) throw error;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) {
    text += chunk;
    if (text.length > longestManifest)
      throw new AwsError('InvalidParameterException', `a manifest has at most ${longestManifest} characters`);
  }
  return text;
}
