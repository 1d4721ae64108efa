import { AwsError } from '../../wire/errors.ts';
import type { Handlers } from '../../wire/service.ts';

export type SchedulerHandlers = Handlers<typeof import('@aws-sdk/client-scheduler')>;

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
export const conflict = (what: string): AwsError => new AwsError('ConflictException', `${what} already exists.`, 409);
export const deleting = (what: string): AwsError => new AwsError('ConflictException', `${what} is being deleted.`, 409);
export const missing = (what: string): AwsError =>
  new AwsError('ResourceNotFoundException', `${what} does not exist.`, 404);
