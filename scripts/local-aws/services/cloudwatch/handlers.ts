import { AwsError } from '../../wire/errors.ts';
import type { Handlers } from '../../wire/service.ts';

export type CloudWatchHandlers = Handlers<typeof import('@aws-sdk/client-cloudwatch')>;

export const invalid = (message: string): AwsError => new AwsError('ValidationError', message);
export const invalidToken = (): AwsError => new AwsError('InvalidNextToken', 'Invalid nextToken');
export const notImplemented = (what: string): AwsError =>
  new AwsError('NotImplemented', `${what} are not implemented by this local server`, 501);
