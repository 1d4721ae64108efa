import type * as IAM from '@aws-sdk/client-iam';
import type { Handlers } from '../../wire/service.ts';

export type IamHandlers = Handlers<typeof IAM>;
