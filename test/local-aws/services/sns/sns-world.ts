import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import * as sdk from '@aws-sdk/client-sns';
import { snsLimits } from '../../../../scripts/local-aws/limits/sns.ts';
import type { Letter } from '../../../../scripts/local-aws/services/sns/mailbox.ts';
import { createSns } from '../../../../scripts/local-aws/services/sns/sns.ts';
import type { AwsError } from '../../../../scripts/local-aws/wire/errors.ts';
import { defineService } from '../../../../scripts/local-aws/wire/service.ts';
import type { QueueAttribute } from '../../../../scripts/local-aws/world.ts';
import { localWorld } from '../../../support/local-world.ts';

export const arn = (service: string, rest: string): string => `arn:aws:${service}:eu-central-1:123456789012:${rest}`;

interface Delivered {
  readonly to: string;
  readonly body: string;
  readonly at: number;
  readonly attributes: Readonly<Record<string, QueueAttribute>>;
}

/** SNS with recording fakes of Lambda and SQS; endpoints named in `failing` throw what stands there. */
export async function startSns(context: TestContext) {
  const delivered: Delivered[] = [];
  const attempts: number[] = [];
  const failing = new Map<string, AwsError>();
  const record = (to: string, body: string, attributes: Delivered['attributes']): void => {
    attempts.push(world.clock.now());
    const failure = failing.get(to);
    if (failure !== undefined) throw failure;
    delivered.push({ to, body, at: world.clock.now(), attributes });
  };
  const world = localWorld(context, {
    functions: { invokeAsync: (to, payload, source) => record(to, payload, { ...source }) },
    queues: { send: (to, body, _sender, attributes = {}) => record(to, body, attributes) },
  });
  const { handlers, topics } = createSns(world);
  const settings = await world.serve({ sns: async () => defineService(sdk, sdk.SNSClient)(handlers, snsLimits) });
  const sns = new sdk.SNS(settings);
  context.after(() => sns.destroy());
  /** What nobody was sent. */
  const letters = async (): Promise<readonly Letter[]> => {
    const answer: unknown = await (await fetch(`${settings.endpoint}/_mailbox`)).json();
    assert.ok(Array.isArray(answer));
    return answer;
  };
  return { world, sns, topics, delivered, attempts, failing, letters };
}
