import type { Handlers } from '../../wire/service.ts';

export type EventsHandlers = Handlers<typeof import('@aws-sdk/client-eventbridge')>;
