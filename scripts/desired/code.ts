import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jobImage } from '../build/job-image.ts';
import { lambdaZip } from '../build/lambda-zip.ts';
import { arns, names, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import type { FunctionSpec } from '../kinds/function.ts';
import type { Images } from '../kinds/image.ts';
import { anyRule, anyTopic } from './events.ts';
import { deadLetterArn, type FunctionName, functionLogGroup, functionNames, roleArn } from './parts.ts';
import { submissionInput } from './submissions.ts';

export interface BuiltImages {
  /** `REPOSITORY:TAG` by folder, as config names it. */
  readonly names: ReadonlyMap<string, string>;
  readonly images: Images;
}

/** Builds every image that is a folder of this repository, which lies at `root`. */
export async function builtImages(site: Site, config: Config, root: string): Promise<BuiltImages> {
  const folders = [...new Set(Object.values(config.jobDefinitions).map(({ image }) => image))].filter((image) =>
    existsSync(join(root, image, 'Dockerfile')),
  );
  const built = await Promise.all(
    folders.map(async (folder) => {
      const image = await jobImage(join(root, folder));
      return { folder, image, name: `${names.repository(site, folder)}:${image.tag}` };
    }),
  );
  return {
    names: new Map(built.map(({ folder, name }) => [folder, name])),
    images: new Map(built.map(({ name, image }) => [name, image])),
  };
}

/** Which job a message on a topic starts, by the topic's ARN. A file in the zip: environment variables hold 4 KB. */
function routesOf(site: Site, config: Config): string {
  const routes = Object.entries(config.topics).flatMap(([name, { submit }]) => {
    if (submit === undefined) return [];
    const { messageVariable, ...submission } = submit;
    const topicArn = arns.topic(site, names.topic(site, name));
    return [[topicArn, { ...submissionInput(site, submission), messageVariable }] as const];
  });
  return `${JSON.stringify(Object.fromEntries(routes.sort(([a], [b]) => (a < b ? -1 : 1))), undefined, 2)}\n`;
}

/** Who invokes a function, from where. One statement covers all rules or topics: a function's policy holds 20 KB. */
const invokers = {
  'schedule-to-batch': { id: 'schedules', principal: 'events.amazonaws.com', sourceArn: anyRule },
  'topic-to-batch': { id: 'topics', principal: 'sns.amazonaws.com', sourceArn: anyTopic },
} as const satisfies Record<FunctionName, object>;

const functionSpec = (site: Site, name: FunctionName, codeSha256: string): FunctionSpec => {
  const { id, principal, sourceArn } = invokers[name];
  return {
    name: names.function(site, name),
    codeSha256,
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    roleArn: roleArn(site, name),
    memory: 256,
    timeoutSeconds: 60,
    environment: { STATE_BUCKET: names.stateBucket(site) },
    logGroup: functionLogGroup(site, name),
    asynchronous: { retries: 2, maximumAgeSeconds: 6 * 3_600, onFailureArn: deadLetterArn(site, 'invocations') },
    permissions: [
      {
        id,
        principal,
        action: 'lambda:InvokeFunction',
        sourceArn: sourceArn(site),
        sourceAccount: site.account,
      },
    ],
  };
};

export interface BuiltFunctions {
  readonly functions: readonly FunctionSpec[];
  readonly zips: ReadonlyMap<string, Uint8Array>;
}

/** Bundles both functions; their folders lie in `lambdas/` at `root`. */
export async function builtFunctions(site: Site, config: Config, root: string): Promise<BuiltFunctions> {
  const extra = { 'schedule-to-batch': {}, 'topic-to-batch': { 'routes.json': routesOf(site, config) } };
  const built = await Promise.all(
    functionNames.map(async (name) => ({ name, ...(await lambdaZip(join(root, 'lambdas', name), extra[name])) })),
  );
  return {
    functions: built.map(({ name, codeSha256 }) => functionSpec(site, name, codeSha256)),
    zips: new Map(built.map(({ codeSha256, zip }) => [codeSha256, zip])),
  };
}
