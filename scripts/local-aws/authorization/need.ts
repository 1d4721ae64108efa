import type { RequestContext } from '../services/iam/policy-conditions.ts';
import type { Handlers } from '../wire/service.ts';
import type { World } from '../world.ts';

/** One thing that a caller must be allowed to do. `*` stands for the resource of an action without resource-level permission. */
export interface Need {
  /** As policies spell it: `s3:GetObject`. */
  readonly action: string;
  /** An ARN or `*`. */
  readonly resource: string;
  /** Condition keys that only this action has. */
  readonly context?: RequestContext;
}

/** Where an ARN is. */
export type Site = Pick<World, 'partition' | 'region' | 'account'> & {
  /** A role's ARN holds its path, which calls that name the role do not tell. */
  roleArn(name: string): string;
  instanceProfileArn(name: string): string;
  /** What bounds a role now. */
  boundaryOf(roleName: string): string | undefined;
};

type HandlerOf<Module, Operation extends keyof Handlers<Module>> = NonNullable<Handlers<Module>[Operation]>;
type InputOf<Handler> = Handler extends (input: infer Input, ...rest: never[]) => unknown ? Input : never;

/**
 * What each operation of a service needs, all of it, from its input; nothing at all when whoever signs may call it.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export type Needs<Module> = {
  readonly [Operation in keyof Handlers<Module>]?: (
    input: InputOf<HandlerOf<Module, Operation>>,
    site: Site,
  ) => readonly Need[];
};

export const arnIn = ({ partition, region, account }: Site, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;

/** What takes a name or an ARN, as an ARN: `feeds` and `job-queue/` make that of a queue. */
export const arnOf = (site: Site, service: string, prefix: string, nameOrArn: string): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn : arnIn(site, service, `${prefix}${nameOrArn}`);

/** Handing a role to a service takes a permission of its own. */
export const passRole = (roleArn: string | undefined, service: string): readonly Need[] =>
  roleArn === undefined || roleArn === ''
    ? []
    : [{ action: 'iam:PassRole', resource: roleArn, context: { 'iam:PassedToService': service } }];

type Tags =
  | Readonly<Record<string, string>>
  | readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];

/** `aws:RequestTag/KEY` of the tags in a request. */
export function requestTags(tags: Tags): RequestContext {
  const pairs = Array.isArray(tags)
    ? tags.map(({ Key = '', Value = '' }) => [Key, Value] as const)
    : Object.entries(tags);
  return Object.fromEntries(pairs.map(([key, value]) => [`aws:RequestTag/${key}`, value]));
}

/** Creating a resource with tags takes the permission to tag it, too. */
export function creating(action: string, tagAction: string, resource: string, tags: Tags | undefined): readonly Need[] {
  if (tags === undefined || Object.keys(tags).length === 0) return [{ action, resource }];
  const context = requestTags(tags);
  return [
    { action, resource, context },
    { action: tagAction, resource, context },
  ];
}

/** Tagging a resource that is there. */
export const tagging = (action: string, resource: string, tags: Tags): readonly Need[] => [
  { action, resource, context: requestTags(tags) },
];
