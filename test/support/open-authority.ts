import type { Authority, Caller } from '../../scripts/local-aws/world.ts';

/** For tests of one service without IAM beside it: whoever asks may. */
export const openAuthority: Authority = { allows: () => true, require: () => {} };

/** A service at work for a resource. */
export const serviceFor = (service: string, arn: string): Caller => ({ type: 'service', service, arn });
