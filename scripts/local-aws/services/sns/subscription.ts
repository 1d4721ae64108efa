import type { Pattern } from '../events/pattern.ts';

export const protocols = ['lambda', 'sqs', 'email', 'email-json'] as const;
export type Protocol = (typeof protocols)[number];

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  /** A subscription by e-mail waits until its reader confirms it with the token of the letter, or expires. */
  pending: boolean;
  readonly token: string;
  /** Whether it was confirmed by somebody of the account, who alone may then end it. */
  authenticated: boolean;
  readonly createdAt: number;
  /** As they were set; what is not set is absent. */
  readonly attributes: Map<string, string>;
  /** Read from the attribute FilterPolicy. */
  filter: Pattern | undefined;
}

/** Messages that fit its filter arrive as they were published, without an envelope. */
export const isRaw = ({ attributes }: Subscription): boolean => attributes.get('RawMessageDelivery') === 'true';

export const filtersBody = ({ attributes }: Pick<Subscription, 'attributes'>): boolean =>
  attributes.get('FilterPolicyScope') === 'MessageBody';
