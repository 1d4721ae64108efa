import type * as S3 from '@aws-sdk/client-s3';
import type { Handlers } from '../../wire/service.ts';

export type S3Handlers = Handlers<typeof S3>;
type Handler<Operation extends keyof S3Handlers> = NonNullable<S3Handlers[Operation]>;
export type S3Input<Operation extends keyof S3Handlers> = Parameters<Handler<Operation>>[0];
export type S3Output<Operation extends keyof S3Handlers> = Awaited<ReturnType<Handler<Operation>>>;
