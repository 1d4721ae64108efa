import { randomUUID } from 'node:crypto';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import type { CodeStore } from './code.ts';
import type { EnvironmentPool } from './environment-pool.ts';
import {
  type Deployment,
  describeFunction,
  type FunctionStore,
  type LambdaFunction,
  requireRevision,
} from './function.ts';
import type { LambdaHandlers } from './handlers.ts';
import { changed, defaultsFor, invalid, requireValid } from './settings.ts';

const notImplemented = (what: string): AwsError =>
  new AwsError('NotImplemented', `${what} is not implemented by the embedded AWS`, 501);

/** Creating, reading, changing and deleting functions. */
export function functionHandlers(world: World, functions: FunctionStore, codes: CodeStore, pool: EnvironmentPool) {
  const deploy = async (found: LambdaFunction, deployment: Deployment) => {
    found.deployment = deployment;
    found.revisionId = randomUUID();
    found.lastModified = new Date(world.clock.now());
    await pool.retire(deployment.functionName);
    return describeFunction(found);
  };
  return {
    CreateFunction(input) {
      const name = nameOf(input.FunctionName);
      if (functions.has(name)) throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409);
      if (input.PackageType === 'Image') throw notImplemented('A function from a container image');
      if (input.Publish === true) throw notImplemented('Publishing a version');
      const { Runtime: runtime, Handler: handler } = input;
      if (runtime === undefined || handler === undefined)
        throw invalid('Runtime and Handler are mandatory parameters for functions created with deployment packages.');
      const settings = changed({ ...defaultsFor(name), role: input.Role, handler, runtime }, input);
      requireValid(settings, name, world);
      const deployment = {
        functionName: name,
        functionArn: functions.arnOf(name),
        settings,
        code: codes.unpack(requireZip(input.Code.ZipFile)),
      };
      const created: LambdaFunction = {
        architectures: input.Architectures ?? ['x86_64'],
        deployment,
        revisionId: randomUUID(),
        lastModified: new Date(world.clock.now()),
        tags: new Map(Object.entries(input.Tags ?? {})),
        statements: new Map(),
        asynchronous: undefined,
        isDeleted: false,
      };
      functions.add(created);
      return describeFunction(created);
    },
    GetFunction(input) {
      const found = functions.get(input.FunctionName);
      return {
        Configuration: describeFunction(found),
        Code: { RepositoryType: 'S3' },
        ...(found.tags.size > 0 && { Tags: Object.fromEntries(found.tags) }),
      };
    },
    GetFunctionConfiguration: (input) => describeFunction(functions.get(input.FunctionName)),
    ListFunctions(input) {
      const all = functions.all().sort((a, b) => (a.deployment.functionName < b.deployment.functionName ? -1 : 1));
      const from = Number(input.Marker ?? 0);
      const until = from + Math.min(input.MaxItems ?? 50, 50);
      return {
        Functions: all.slice(from, until).map(describeFunction),
        ...(until < all.length && { NextMarker: String(until) }),
      };
    },
    async UpdateFunctionCode(input) {
      const found = functions.get(input.FunctionName);
      requireRevision(found, input.RevisionId);
      if (input.Publish === true) throw notImplemented('Publishing a version');
      const code = codes.unpack(requireZip(input.ZipFile));
      if (input.DryRun === true) return { ...describeFunction(found), CodeSha256: code.sha256, CodeSize: code.size };
      return deploy(found, { ...found.deployment, code });
    },
    async UpdateFunctionConfiguration(input) {
      const found = functions.get(input.FunctionName);
      requireRevision(found, input.RevisionId);
      const settings = changed(found.deployment.settings, input);
      requireValid(settings, found.deployment.functionName, world);
      return deploy(found, { ...found.deployment, settings });
    },
    async DeleteFunction(input) {
      const found = functions.get(input.FunctionName);
      functions.delete(found);
      await pool.retire(found.deployment.functionName);
      return { StatusCode: 204 };
    },
  } satisfies LambdaHandlers;
}

/** A function is created under a name or the ARN that it will have. */
const nameOf = (reference: string): string => reference.split(':').at(-1) ?? reference;

function requireZip(zip: Uint8Array | undefined): Uint8Array {
  if (zip === undefined) throw notImplemented('Code that is not sent as ZipFile');
  return zip;
}
