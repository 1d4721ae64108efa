import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { objectOf, textOf } from '../submission/reading.ts';
import { readSubmission, type Submission, submissionFields } from '../submission/submission.ts';

export interface Route {
  readonly submission: Submission;
  /** The environment variable that the message goes into. */
  readonly messageVariable: string;
}

/** Reads `routes.json` beside the code: `{ "<topic ARN>": { jobName, jobQueue, jobDefinition, messageVariable, … } }`. */
export function readRoutes(): ReadonlyMap<string, Route> {
  const path = join(process.env['LAMBDA_TASK_ROOT'] ?? '.', 'routes.json');
  const routes = objectOf(JSON.parse(readFileSync(path, 'utf8')), 'routes.json');
  return new Map(Object.entries(routes).map(([topicArn, route]) => [topicArn, readRoute(route, topicArn)]));
}

function readRoute(route: unknown, topicArn: string): Route {
  const what = `the route of ${topicArn}`;
  const { messageVariable, ...fields } = objectOf(route, what, [...submissionFields, 'messageVariable']);
  return {
    submission: readSubmission(fields, what),
    messageVariable: textOf(messageVariable, `${what}.messageVariable`),
  };
}
