import type { Architecture, FunctionConfiguration, Runtime } from '@aws-sdk/client-lambda';
import { AwsError } from '../../wire/errors.ts';
import type { World } from '../../world.ts';
import { policyText, type Statement } from './policy-document.ts';

/** What UpdateFunctionConfiguration can change. */
export interface Settings {
  readonly role: string;
  readonly handler: string;
  readonly runtime: Runtime;
  readonly description: string;
  /** Seconds. */
  readonly timeout: number;
  /** MiB. */
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly deadLetterArn: string | undefined;
  readonly logGroup: string;
}

export interface Code {
  readonly sha256: string;
  readonly size: number;
  /** Where it is unpacked, read-only. */
  readonly folder: string;
}

/** One state of code and settings. Every change makes a new one, so execution environments know whether they are current. */
export interface Deployment {
  readonly functionName: string;
  readonly functionArn: string;
  readonly settings: Settings;
  readonly code: Code;
}

/** How asynchronous invocations are treated; the defaults are AWS's. */
export interface AsyncSettings {
  readonly lastModified: Date;
  readonly maximumRetryAttempts?: number | undefined;
  readonly maximumEventAgeInSeconds?: number | undefined;
  readonly onFailure?: string | undefined;
  readonly onSuccess?: string | undefined;
}

export interface LambdaFunction {
  readonly architectures: readonly Architecture[];
  deployment: Deployment;
  revisionId: string;
  lastModified: Date;
  readonly tags: Map<string, string>;
  readonly statements: Map<string, Statement>;
  asynchronous: AsyncSettings | undefined;
  /** What runs of it ends without being tried again or kept warm. */
  isDeleted: boolean;
}

export class FunctionStore {
  readonly #world: World;
  readonly #functions = new Map<string, LambdaFunction>();

  constructor(world: World) {
    this.#world = world;
  }

  arnOf(name: string): string {
    const { partition, region, account } = this.#world;
    return `arn:${partition}:lambda:${region}:${account}:function:${name}`;
  }

  has(name: string): boolean {
    return this.#functions.has(name);
  }

  add(created: LambdaFunction): void {
    this.#functions.set(created.deployment.functionName, created);
  }

  delete(found: LambdaFunction): void {
    this.#functions.delete(found.deployment.functionName);
    found.isDeleted = true;
  }

  all(): LambdaFunction[] {
    return [...this.#functions.values()];
  }

  /** The policy of a function, as JSON text. */
  policyOf(functionArn: string): string | undefined {
    const [, , , , , , name = ''] = functionArn.split(':');
    const statements = this.#functions.get(name)?.statements;
    return statements === undefined || statements.size === 0 ? undefined : policyText(statements.values());
  }

  /** By name, partial ARN or ARN, with `$LATEST` or no qualifier: the embedded AWS publishes no versions. */
  get(reference: string): LambdaFunction {
    const [, name = '', qualifier = '$LATEST'] = /^(?:.*:?function:|\d{12}:)?([^:]+)(?::(.+))?$/.exec(reference) ?? [];
    const found = this.#functions.get(name);
    if (found !== undefined && qualifier === '$LATEST' && isHere(reference, found)) return found;
    const arn = reference.startsWith('arn:') ? reference : this.arnOf(reference);
    throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
  }
}

/** A full ARN must be of this account and region, too. */
const isHere = (reference: string, { deployment }: LambdaFunction): boolean =>
  !reference.startsWith('arn:') || reference.replace(/:\$LATEST$/, '') === deployment.functionArn;

export function requireRevision(found: LambdaFunction, revisionId: string | undefined): void {
  if (revisionId === undefined || revisionId === found.revisionId) return;
  throw new AwsError(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    412,
  );
}

/** What every operation that returns a configuration returns. A change is in effect at once, so nothing is ever pending. */
export function describeFunction({ deployment, ...found }: LambdaFunction) {
  const { settings, code } = deployment;
  return {
    FunctionName: deployment.functionName,
    FunctionArn: deployment.functionArn,
    Runtime: settings.runtime,
    Role: settings.role,
    Handler: settings.handler,
    CodeSize: code.size,
    Description: settings.description,
    Timeout: settings.timeout,
    MemorySize: settings.memorySize,
    LastModified: found.lastModified.toISOString().replace('Z', '+0000'),
    CodeSha256: code.sha256,
    Version: '$LATEST',
    ...(settings.deadLetterArn !== undefined && { DeadLetterConfig: { TargetArn: settings.deadLetterArn } }),
    ...(Object.keys(settings.environment).length > 0 && { Environment: { Variables: { ...settings.environment } } }),
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: found.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [...found.architectures],
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: settings.logGroup },
  } as const satisfies FunctionConfiguration;
}
