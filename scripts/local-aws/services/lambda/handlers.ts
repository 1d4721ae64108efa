import type { Handlers } from '../../wire/service.ts';

export type LambdaHandlers = Handlers<typeof import('@aws-sdk/client-lambda')>;
