import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Job, readAction, type Step } from '../files.ts';
import { type Place, runAction } from './actions.ts';
import { type Contexts, holds, interpolated, interpolatedAll } from './expressions.ts';
import type { Claims, Host } from './host.ts';
import { runBash } from './shell.ts';

type Texts = Readonly<Record<string, string>>;

export type Result = 'success' | 'failure' | 'skipped';

export interface JobEnd {
  readonly result: Result;
  readonly outputs: Texts;
  readonly log: string;
  readonly summary: string;
}

interface StepEnd {
  readonly outcome: Result;
  readonly outputs: Texts;
}

interface Given {
  readonly host: Host;
  readonly commit: string;
  readonly claims: Claims | undefined;
  /** Those of the job: `github`, `inputs`, `needs`, `matrix`. */
  readonly contexts: Contexts;
  /** Set in every step. */
  readonly variables: Texts;
}

/** One job on a machine of its own, from its first step to its last. */
class JobRun {
  readonly #given: Given;
  #variables: Texts;
  #log = '';
  #summary = '';

  constructor(given: Given) {
    this.#given = given;
    this.#variables = given.variables;
  }

  async run(job: Job): Promise<JobEnd> {
    const { workspace, temporary } = this.#given.host;
    for (const folder of [workspace, temporary]) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
    }
    const { steps, failed } = await this.#steps(job.steps, this.#given.contexts);
    return {
      result: failed ? 'failure' : 'success',
      outputs: interpolatedAll(job.outputs, { ...this.#given.contexts, steps }),
      log: this.#log,
      summary: this.#summary,
    };
  }

  async #steps(list: readonly Step[], contexts: Contexts) {
    const steps: Record<string, StepEnd> = {};
    let failed = false;
    for (const [at, step] of list.entries()) {
      const now = { ...contexts, steps, runner: { temp: this.#given.host.temporary } };
      const runs = holds(step.if, now, { success: !failed, failure: failed });
      const end = runs ? await this.#step(step, now) : ({ outcome: 'skipped', outputs: {} } as const);
      failed ||= end.outcome === 'failure';
      steps[step.id ?? `_${at}`] = end;
    }
    return { steps, failed };
  }

  async #step(step: Step, contexts: Contexts): Promise<StepEnd> {
    const inputs = interpolatedAll(step.with, contexts);
    if (step.uses?.startsWith('./')) return await this.#composite(step.uses, inputs, contexts);
    const env = interpolatedAll(step.env, contexts);
    return step.uses === undefined ? await this.#shell(step.run ?? '', env) : await this.#action(step.uses, inputs);
  }

  async #shell(text: string, env: Texts): Promise<StepEnd> {
    const { host } = this.#given;
    const variables = { ...this.#variables, ...env };
    const end = await runBash(text, { cwd: host.workspace, temporary: host.temporary, env: variables });
    this.#log += end.code === 0 ? end.log : `${end.log}Process completed with exit code ${end.code}.\n`;
    this.#summary += end.summary;
    this.#variables = { ...this.#variables, ...end.environment };
    return { outcome: end.code === 0 ? 'success' : 'failure', outputs: end.outputs };
  }

  async #action(uses: string, inputs: Texts): Promise<StepEnd> {
    const setVariables: Place['setVariables'] = (variables) => {
      this.#variables = { ...this.#variables, ...variables };
    };
    try {
      await runAction(uses, inputs, { ...this.#given, setVariables });
      return { outcome: 'success', outputs: {} };
    } catch (error) {
      this.#log += `Error: ${error instanceof Error ? error.message : String(error)}\n`;
      return { outcome: 'failure', outputs: {} };
    }
  }

  /** An action of the repository is the one of the commit that was checked out. */
  async #composite(uses: string, given: Texts, contexts: Contexts): Promise<StepEnd> {
    const action = readAction(join(this.#given.host.workspace, uses, 'action.yml'));
    const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']);
    const own = { ...contexts, inputs: { ...Object.fromEntries(defaults), ...given } };
    const { steps, failed } = await this.#steps(action.runs.steps, own);
    const values = Object.entries(action.outputs).map(([name, { value }]) => [
      name,
      interpolated(value, { ...own, steps }),
    ]);
    return { outcome: failed ? 'failure' : 'success', outputs: Object.fromEntries(values) };
  }
}

/** Runs the steps of a job, each as its condition says. */
export const runJob = (job: Job, given: Given): Promise<JobEnd> => new JobRun(given).run(job);
