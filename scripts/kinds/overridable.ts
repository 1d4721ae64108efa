import { createShape as environmentShape } from './compute-environment-spec.ts';
import { registerShape } from './job-definition-spec.ts';
import { createShape as queueShape } from './job-queue-spec.ts';
import type { RequestShape } from './request-shape.ts';
import { createShape as policyShape } from './scheduling-policy.ts';

/** The requests that config may lay fields over, as the SDK knows them. */
export const overridableRequests: Readonly<Record<string, RequestShape>> = {
  CreateComputeEnvironment: environmentShape,
  CreateSchedulingPolicy: policyShape,
  CreateJobQueue: queueShape,
  RegisterJobDefinition: registerShape,
};
