import type { Around } from '../wire/around.ts';
import { AwsError } from '../wire/errors.ts';
import { textOf } from './calls.ts';
import type { Draw } from './storm.ts';
import { whims } from './whims.ts';

interface Manner {
  readonly code: string;
  readonly status: number;
  readonly message?: string;
}

const json: Manner = { code: 'ThrottlingException', status: 400 };
const query: Manner = { code: 'Throttling', status: 400 };

/** By signing name: each service has a code of its own for it, and SDKs know them all. */
const manners: Readonly<Record<string, Manner>> = {
  batch: { code: 'TooManyRequestsException', status: 429, message: 'Too Many Requests' },
  ecr: json,
  events: json,
  iam: query,
  lambda: { code: 'TooManyRequestsException', status: 429 },
  logs: json,
  monitoring: query,
  s3: { code: 'SlowDown', status: 503, message: 'Please reduce your request rate.' },
  scheduler: { code: 'ThrottlingException', status: 429 },
  sns: query,
  sqs: { code: 'RequestThrottled', status: 403, message: 'Request is throttled.' },
  sts: query,
  tagging: { code: 'ThrottledException', status: 400 },
};

/** Calls are refused before anything is done, so that whoever tries again loses nothing. */
export function throttling(draw: Draw, share: number): Around {
  const strikes = whims(draw, 'throttling', share);
  return async (call, answer) => {
    if (!strikes(textOf(call))) return answer(call);
    const { code, status, message = 'Rate exceeded' } = manners[call.service] ?? json;
    throw new AwsError(code, message, status);
  };
}
