import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const workflowFolder = '.github/workflows';
const actionFolder = '.github/actions';

export const workflowFiles = readdirSync(workflowFolder)
  .sort()
  .map((name) => join(workflowFolder, name));
export const actionFiles = readdirSync(actionFolder)
  .sort()
  .map((name) => join(actionFolder, name, 'action.yml'));

/** YAML knows more than text. */
const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Texts = z.record(z.string(), Text);

const Step = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  if: Text.optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  shell: z.string().optional(),
  with: Texts.default({}),
  env: Texts.default({}),
});
export type Step = z.infer<typeof Step>;

const Permissions = z.record(z.string(), z.string());
const Concurrency = z.strictObject({ group: z.string(), 'cancel-in-progress': Text });

const Job = z.strictObject({
  name: z.string().optional(),
  needs: z
    .union([z.string(), z.array(z.string())])
    .transform((needs) => [needs].flat())
    .default([]),
  if: Text.optional(),
  'runs-on': z.string().optional(),
  'timeout-minutes': z.number().optional(),
  environment: z.string().optional(),
  permissions: Permissions,
  concurrency: Concurrency.optional(),
  outputs: Texts.default({}),
  strategy: z.strictObject({ 'fail-fast': z.boolean(), matrix: z.record(z.string(), z.array(Text)) }).optional(),
  uses: z.string().optional(),
  with: Texts.default({}),
  steps: z.array(Step).default([]),
});
export type Job = z.infer<typeof Job>;

const Input = z.strictObject({
  description: z.string(),
  type: z.enum(['string', 'choice', 'boolean']).optional(),
  required: z.boolean().optional(),
  default: Text.optional(),
  options: z.array(z.string()).optional(),
});
const Inputs = z.record(z.string(), Input);
const Filter = z.strictObject({ branches: z.array(z.string()).optional(), paths: z.array(z.string()).optional() });

const Workflow = z.strictObject({
  name: z.string(),
  'run-name': z.string().optional(),
  on: z.strictObject({
    pull_request: Filter.nullable().optional(),
    push: Filter.optional(),
    schedule: z.array(z.strictObject({ cron: z.string() })).optional(),
    workflow_dispatch: z
      .strictObject({ inputs: Inputs.default({}) })
      .nullable()
      .optional(),
    workflow_call: z.strictObject({ inputs: Inputs }).optional(),
  }),
  permissions: Permissions,
  concurrency: Concurrency.optional(),
  defaults: z.strictObject({ run: z.strictObject({ shell: z.string() }) }).optional(),
  env: Texts.default({}),
  jobs: z.record(z.string(), Job),
});
export type Workflow = z.infer<typeof Workflow>;

const Action = z.strictObject({
  name: z.string(),
  description: z.string(),
  inputs: Inputs.default({}),
  outputs: z.record(z.string(), z.strictObject({ description: z.string(), value: z.string() })).default({}),
  runs: z.strictObject({ using: z.literal('composite'), steps: z.array(Step) }),
});
export type Action = z.infer<typeof Action>;

/** Throws for whatever a workflow says that these tests know nothing of. */
export const parseWorkflow = (text: string): Workflow => Workflow.parse(parse(text));
export const readWorkflow = (file: string): Workflow => parseWorkflow(readFileSync(file, 'utf8'));
export const readAction = (file: string): Action => Action.parse(parse(readFileSync(file, 'utf8')));

const Pinned = z.record(
  z.string(),
  z.strictObject({
    tag: z.string(),
    commit: z.string().regex(/^[0-9a-f]{40}$/),
    inputs: z.array(z.array(z.string())).transform((lines) => lines.flat()),
    required: z.array(z.string()).default([]),
    outputs: z.array(z.string()),
  }),
);

export const pinnedActions = Pinned.parse(parse(readFileSync('test/workflows/pinned-actions.yaml', 'utf8')));
