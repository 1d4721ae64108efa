import { mkdirSync, rmSync } from 'node:fs';
import { repository, tokenWith } from '../fake-github.ts';
import { type Job, parseWorkflow, type Workflow } from '../files.ts';
import { type Contexts, holds, interpolated, interpolatedAll } from './expressions.ts';
import { git, type Host } from './host.ts';
import { type JobEnd, type Result, runJob } from './job.ts';
import { claimsOf, refuseMore, resultOf, typedInputs } from './rules.ts';

/** What started a run. */
export interface Started {
  readonly event: 'pull_request' | 'push' | 'schedule' | 'workflow_dispatch';
  /** `refs/heads/main` */
  readonly ref: string;
  readonly commit: string;
  /** `github.event` */
  readonly payload?: object;
  readonly inputs?: Readonly<Record<string, string | boolean>>;
  /** Called when a job waits for the reviewers of its environment, who then approve it. */
  readonly onApproval?: (environment: string) => Promise<void>;
}

export interface RunEnd {
  readonly result: Result;
  /** By name, in the order in which they ended: `plan staging`, `staging / apply`. */
  readonly jobs: ReadonlyMap<string, JobEnd>;
}

const skipped: JobEnd = { result: 'skipped', outputs: {}, log: '', summary: '' };

class WorkflowRun {
  readonly ends = new Map<string, JobEnd>();
  readonly #host: Host;
  readonly #started: Started;
  readonly #id: string;

  constructor(host: Host, started: Started, id: number) {
    this.#host = host;
    this.#started = started;
    this.#id = String(id);
  }

  /** The workflow of the commit that the run is for. */
  read(name: string): Workflow {
    return parseWorkflow(git(this.#host.remote, 'show', `${this.#started.commit}:.github/workflows/${name}`));
  }

  /** Jobs stand in the order of their needs. */
  async jobs(
    workflow: Workflow,
    inputs: object,
    granted: Job['permissions'] | undefined,
    prefix = '',
  ): Promise<Result> {
    const needed = new Map<string, JobEnd>();
    for (const [id, job] of Object.entries(workflow.jobs)) {
      if (granted !== undefined) refuseMore(`${prefix}${id}`, job.permissions, granted);
      const needs = Object.fromEntries(job.needs.map((name) => [name, needed.get(name) ?? skipped]));
      const results = Object.values(needs).map(({ result }) => result);
      const standing = {
        success: results.every((result) => result === 'success'),
        failure: results.includes('failure'),
      };
      const contexts = { github: this.#github(job), inputs, needs };
      const ends = holds(job.if, contexts, standing) ? await this.#job(id, job, contexts, prefix) : [skipped];
      needed.set(id, { ...(ends.at(-1) ?? skipped), result: resultOf(ends) });
      if (ends[0] === skipped) this.ends.set(`${prefix}${id}`, skipped);
    }
    return resultOf([...needed.values()]);
  }

  /** As often as its matrix says. */
  async #job(id: string, job: Job, contexts: Contexts, prefix: string): Promise<readonly JobEnd[]> {
    if (job.uses !== undefined) return [await this.#called(id, job, contexts, prefix)];
    const [[dimension, values] = ['none', ['']]] = Object.entries(job.strategy?.matrix ?? {});
    const ends: JobEnd[] = [];
    for (const value of values) {
      const own = { ...contexts, matrix: { [dimension]: value } };
      const environment = job.environment === undefined ? undefined : interpolated(job.environment, own);
      if (environment !== undefined) await this.#started.onApproval?.(environment);
      const end = await runJob(job, {
        host: this.#host,
        commit: this.#started.commit,
        claims:
          job.permissions['id-token'] === 'write'
            ? claimsOf(environment, this.#started.event, this.#started.ref)
            : undefined,
        contexts: own,
        variables: this.#variables(),
      });
      this.ends.set(`${prefix}${job.name === undefined ? id : interpolated(job.name, own)}`, end);
      ends.push(end);
    }
    return ends;
  }

  async #called(id: string, job: Job, contexts: Contexts, prefix: string): Promise<JobEnd> {
    const workflow = this.read((job.uses ?? '').replace('./.github/workflows/', ''));
    const given = interpolatedAll(job.with, contexts);
    const inputs = typedInputs(workflow.on.workflow_call?.inputs ?? {}, given);
    const result = await this.jobs(workflow, inputs, job.permissions, `${prefix}${id} / `);
    return { ...skipped, result };
  }

  #github({ permissions }: Job) {
    const { event, ref, commit, payload = {} } = this.#started;
    return {
      event_name: event,
      event: payload,
      ref,
      sha: commit,
      repository,
      run_id: this.#id,
      token: tokenWith(permissions),
    };
  }

  #variables(): Readonly<Record<string, string>> {
    const host = this.#host;
    return {
      PATH: `${host.programs}:${process.env['PATH']}`,
      HOME: host.temporary,
      TMPDIR: process.env['TMPDIR'] ?? '/tmp',
      CI: 'true',
      RUNNER_TEMP: host.temporary,
      GITHUB_WORKSPACE: host.workspace,
      GITHUB_API_URL: host.github.url,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: repository,
      GITHUB_RUN_ID: this.#id,
      // Instead of the network.
      AWS_ENDPOINT_URL: host.endpoint,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  }
}

let runs = 0;

/** Runs a workflow of the remote's commit to its end, one job after the other. Throws where GitHub would not start it. */
export async function runWorkflow(host: Host, name: string, started: Started): Promise<RunEnd> {
  rmSync(host.artifacts, { recursive: true });
  mkdirSync(host.artifacts);
  const run = new WorkflowRun(host, started, ++runs);
  const workflow = run.read(`${name}.yml`);
  if (workflow.on[started.event] === undefined)
    throw new Error(`starting ${name}: it does not listen to ${started.event}`);
  const inputs =
    started.event === 'workflow_dispatch'
      ? typedInputs(workflow.on.workflow_dispatch?.inputs ?? {}, started.inputs ?? {})
      : {};
  const result = await run.jobs(workflow, inputs, undefined);
  return { result, jobs: run.ends };
}
