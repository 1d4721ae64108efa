import type { RequestContext } from '../services/iam/policy-conditions.ts';

/**
 * Who signed a request: a role's session; the person at the keyboard (keys that the embedded AWS did not issue); or
 * nobody, because there is no signature, its session is over, or the session's role is gone.
 */
export type Principal =
  | { readonly type: 'role'; readonly roleArn: string; readonly session: string }
  | { readonly type: 'account' }
  | { readonly type: 'nobody'; readonly because: 'unsigned' | 'expired' | 'unknown' };

/** Whoever wants something: a principal, or a service at work for a resource, such as EventBridge for a rule. */
export type Caller =
  | Principal
  | {
      readonly type: 'service';
      /** `events.amazonaws.com` */
      readonly service: string;
      /** Of the resource that it works for; `undefined` where it does not tell. */
      readonly arn: string | undefined;
    };

export interface Authority {
  allows(caller: Caller, action: string, resource: string, context?: RequestContext): boolean;
  /** Throws AwsError AccessDenied as the service answers it that was called: that of the action if not told otherwise. */
  require(
    caller: Caller,
    action: string,
    resource: string,
    more?: {
      /** Condition keys besides those that every request has. */
      readonly context?: RequestContext;
      readonly service?: string;
    },
  ): void;
}
