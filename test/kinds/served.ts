import type { TestContext } from 'node:test';
import { type Aws, awsClients } from '../../scripts/aws/clients.ts';
import type { Step } from '../../scripts/reconcile/kind.ts';
import { localWorld } from '../support/local-world.ts';

type Services = Parameters<ReturnType<typeof localWorld>['serve']>[0];

/** Clients that reach only the services given: for what the embedded AWS, calm as it is, does not do. */
export async function awsServing(context: TestContext, services: Services): Promise<Aws> {
  const { endpoint, region, credentials } = await localWorld(context).serve(services);
  const aws = awsClients({ endpoint, region, credentials, owner: 'baton/test' });
  context.after(() => aws.close());
  return aws;
}

/** A step that writes down what is waited for. */
export function heardStep(): { readonly heard: string[]; readonly step: Step } {
  const heard: string[] = [];
  return {
    heard,
    step: { signal: new AbortController().signal, permits: new Set(), waiting: (forWhat) => void heard.push(forWhat) },
  };
}
