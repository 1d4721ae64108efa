/** Secrets Manager and Parameter Store, asked as the aws CLI asks them. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { startLocalAws } from '../../../scripts/local-aws/server.ts';

export type Answer = Readonly<Record<string, unknown>>;

/** `manager` and `ssm` give the status and what is answered; `bare` is `manager` without the token that an SDK makes up. */
export async function secretStores(t: TestContext, secrets: Readonly<Record<string, string>> = {}) {
  const aws = await startLocalAws({ region: 'eu-central-1', secrets });
  t.after(() => aws.close());
  const asking =
    (service: string, target: string) =>
    async (operation: string, input: object): Promise<Answer> => {
      const response = await fetch(aws.endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `${target}.${operation}`,
          authorization: `AWS4-HMAC-SHA256 Credential=me/20261123/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
        },
        body: JSON.stringify(input),
      });
      const answer: unknown = await response.json();
      assert.ok(typeof answer === 'object' && answer !== null);
      return { status: response.status, ...answer };
    };
  const bare = asking('secretsmanager', 'secretsmanager');
  /** The CLI and the SDKs make up a token for what creates a version. */
  const manager = (operation: string, input: object) =>
    bare(
      operation,
      /^(?:CreateSecret|PutSecretValue)$/.test(operation) ? { ClientRequestToken: randomUUID(), ...input } : input,
    );
  return { manager, bare, ssm: asking('ssm', 'AmazonSSM'), endpoint: aws.endpoint };
}
