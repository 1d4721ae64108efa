/** awsJson1_0 and awsJson1_1: the operation in X-Amz-Target, everything else in one document. */
import { errorJson } from './error-members.ts';
import { parseJson, toJson } from './json.ts';
import type { Protocol } from './model.ts';

export function awsJson(version: '1.0' | '1.1'): Protocol {
  const type = `application/x-amz-json-${version}`;
  return {
    read: async (operation, request) => parseJson(operation.input, await request.bytes()),
    write: (_service, operation, output) => ({
      status: 200,
      headers: new Map([['content-type', type]]),
      body: JSON.stringify(toJson(operation.output, output)),
    }),
    fail(_service, failure) {
      const headers = new Map([['content-type', type]]);
      // A service that once spoke awsQuery (SQS) still tells clients the error's code of that time.
      const queryError = failure.shape?.traits.awsQueryError;
      const sender = failure.fault === 'server' ? 'Receiver' : 'Sender';
      if (queryError !== undefined) headers.set('x-amzn-query-error', `${queryError.code};${sender}`);
      return { status: failure.status, headers, body: JSON.stringify({ __type: failure.code, ...errorJson(failure) }) };
    },
  };
}
