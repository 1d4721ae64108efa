import { join } from 'node:path';
import { lambdaZip } from '../build/lambda-zip.ts';
import { arns, names, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import { submissionInput } from '../config/submission.ts';
import { isSchedulers } from '../config/timing.ts';
import type { FunctionSpec, Zips } from '../kinds/function.ts';
import type { Permission } from '../kinds/permission.ts';
import { invokingRules } from './events.ts';
import { invokingTopics } from './messages.ts';
import { deadLetterArn, type FunctionName, functionLogGroup, roleArn } from './parts.ts';
import { usedFunctions } from './submissions.ts';

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

const invoke = 'lambda:InvokeFunction';

/** `schedules`, `schedules-2` …: a statement takes one ARN, and its pattern covers all names that are made here. */
const statementIds = (id: string, index: number): string => (index === 0 ? id : `${id}-${index + 1}`);

const submittingRules = (site: Site, config: Config): string[] =>
  Object.values(config.schedules).some((schedule) => schedule.submit !== undefined && !isSchedulers(schedule))
    ? invokingRules(site, config)
    : [];

/** Who invokes a function, from where. One statement covers all rules or topics: a function's policy holds 20 KB. */
const invokers: Readonly<Record<FunctionName, (site: Site, config: Config) => Permission[]>> = {
  // Scheduler invokes with a role of its own.
  'schedule-to-batch': (site, config) =>
    submittingRules(site, config).map((sourceArn, index) => ({
      id: statementIds('schedules', index),
      principal: 'events.amazonaws.com',
      action: invoke,
      sourceArn,
      sourceAccount: site.account,
    })),
  // Not every service says for which account it acts; a topic's ARN holds the account as well.
  'topic-to-batch': (site, config) =>
    invokingTopics(site, config).map((sourceArn, index) => ({
      id: statementIds('topics', index),
      principal: 'sns.amazonaws.com',
      action: invoke,
      sourceArn,
      sourceAccount: null,
    })),
};

const functionSpec = (site: Site, config: Config, name: FunctionName, codeSha256: string): FunctionSpec => ({
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
  permissions: invokers[name](site, config).sort((a, b) => (a.id < b.id ? -1 : 1)),
});

export interface BuiltFunctions {
  readonly functions: readonly FunctionSpec[];
  readonly zips: Zips;
}

/** Bundles the functions that have something to do; their folders lie in `lambdas/` at `root`. */
export async function builtFunctions(site: Site, config: Config, root: string): Promise<BuiltFunctions> {
  const extra = { 'schedule-to-batch': {}, 'topic-to-batch': { 'routes.json': routesOf(site, config) } };
  const built = await Promise.all(
    usedFunctions(config).map(async (name) => ({
      name,
      ...(await lambdaZip(join(root, 'lambdas', name), extra[name])),
    })),
  );
  return {
    functions: built.map(({ name, codeSha256 }) => functionSpec(site, config, name, codeSha256)),
    zips: new Map(built.map(({ codeSha256, zip }) => [codeSha256, zip])),
  };
}
