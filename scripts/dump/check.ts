import type { z } from 'zod';
import { ComputeEnvironment } from '../config/compute-environment-schema.ts';
import { JobDefinition } from '../config/job-definition-schema.ts';
import { JobQueue } from '../config/job-queue-schema.ts';
import type { LoadedConfig } from '../config/load.ts';
import { Schedule } from '../config/schedule-schema.ts';
import { SchedulingPolicy } from '../config/scheduling-policy-schema.ts';
import { Config } from '../config/schema.ts';
import { Topic } from '../config/topic-schema.ts';
import {
  desiredComputeEnvironments,
  desiredJobDefinitions,
  desiredJobQueues,
  desiredSchedulingPolicies,
} from '../desired/batch.ts';
import { desiredRules } from '../desired/events.ts';
import { desiredTopics } from '../desired/messages.ts';
import { diff } from '../reconcile/diff.ts';
import type { FieldDiff } from '../reconcile/kind.ts';
import { plainFields } from '../reconcile/value.ts';
import type { Section } from './entry.ts';

/** What an entry of each section must be. */
export const schemas = {
  computeEnvironments: ComputeEnvironment,
  schedulingPolicies: SchedulingPolicy,
  jobQueues: JobQueue,
  jobDefinitions: JobDefinition,
  schedules: Schedule,
  topics: Topic,
} as const satisfies Record<Section, z.ZodType>;

/** An entry of config, and what it describes. */
export interface Placed {
  readonly section: Section;
  readonly entry: string;
  /** In AWS. */
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly live: object;
}

/** The config that is there, with these entries in it. */
function configWith(loaded: LoadedConfig, placed: readonly Placed[]): Config {
  const sections = Object.keys(schemas).map((section) => {
    const entries = placed.filter((each) => each.section === section).map(({ entry, fields }) => [entry, fields]);
    const there = Object.entries(loaded.config).find(([name]) => name === section)?.[1];
    return [section, { ...(typeof there === 'object' && there), ...Object.fromEntries(entries) }];
  });
  return Config.parse({ ...loaded.config, ...Object.fromEntries(sections) });
}

/**
 * By each entry, what a plan would change of the thing it describes once config had it: nothing, where the entry says all
 * of it.
 */
export function differences(loaded: LoadedConfig, placed: readonly Placed[]): (each: Placed) => readonly FieldDiff[] {
  const config = configWith(loaded, placed);
  const given = Object.fromEntries(placed.map(({ section, entry, name }) => [`${section}.${entry}`, name]));
  const site = { ...loaded.site, given: { ...loaded.site.given, ...given } };
  const { network } = loaded.environment;
  const wanted: Record<Section, readonly { readonly name: string }[]> = {
    computeEnvironments: desiredComputeEnvironments(site, config, network),
    schedulingPolicies: desiredSchedulingPolicies(site, config),
    jobQueues: desiredJobQueues(site, config, network),
    jobDefinitions: desiredJobDefinitions(site, config, network, new Map()),
    schedules: desiredRules(site, config),
    topics: desiredTopics(site, config),
  };
  return ({ section, name, live }) => {
    const spec = wanted[section].find((each) => each.name === name);
    if (spec === undefined) throw new Error(`dumping ${section}: the entry of "${name}" describes nothing`);
    return diff(plainFields(live), plainFields(spec));
  };
}
