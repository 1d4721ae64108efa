import type { Aws } from '../aws/clients.ts';
import type { LoadedConfig } from '../config/load.ts';
import { desiredComputeEnvironments, desiredSchedulingPolicies } from '../desired/batch.ts';
import { computeEnvironmentKind } from '../kinds/compute-environment.ts';
import { jobDefinitionKind } from '../kinds/job-definition.ts';
import { jobQueueKind } from '../kinds/job-queue.ts';
import { policy } from '../kinds/policy.ts';
import { ruleKind } from '../kinds/rule.ts';
import { schedulingPolicyKind } from '../kinds/scheduling-policy.ts';
import { type TopicSpec, topicKind } from '../kinds/topic.ts';
import type { ResourceKind } from '../reconcile/kind.ts';
import { definitionEntry, type EntryOf, environmentEntry, policyEntry, queueEntry } from './batch-entries.ts';
import { type Entry, entryName, type Section } from './entry.ts';
import { ruleEntry, topicAttributes, topicEntry } from './event-entries.ts';
import { inventory } from './inventory.ts';

/** Something that exists and that nobody owns by its tag. */
export interface Found<Spec> {
  readonly spec: Spec;
  readonly entry: Entry;
}

/** What nobody owns, of those with these names. */
async function unowned<Spec extends { readonly name: string }, Live>(
  kind: ResourceKind<Spec, Live>,
  names: readonly string[],
): Promise<Spec[]> {
  const { observed } = await kind.list(names);
  return observed.filter(({ owner }) => owner === undefined).map(({ live }) => kind.toSpec(live));
}

/** The attributes that config would name: with none named, a topic's are left alone and not read. */
const allAttributes = (name: string) => ({
  name,
  protect: false,
  policy: policy(),
  attributes: Object.fromEntries(topicAttributes.map((attribute) => [attribute, ''])),
});

/** Without attributes that say nothing. */
const stated = (topic: TopicSpec): TopicSpec => ({
  ...topic,
  attributes: Object.fromEntries(Object.entries(topic.attributes).filter(([, value]) => value !== '')),
});

/** Names of entries, by section and name in AWS; those of the config that is there come first. */
export class EntryNames {
  readonly #names = new Map<string, string>();
  readonly #taken = new Map<Section, Set<string>>();

  constructor({ site, config, environment: { network } }: LoadedConfig) {
    for (const section of ['jobQueues', 'jobDefinitions', 'schedules', 'topics'] as const)
      this.#taken.set(section, new Set(Object.keys(config[section])));
    this.#know('computeEnvironments', config, desiredComputeEnvironments(site, config, network));
    this.#know('schedulingPolicies', config, desiredSchedulingPolicies(site, config));
  }

  /** Specs are in the order of their entries. */
  #know(
    section: 'computeEnvironments' | 'schedulingPolicies',
    config: LoadedConfig['config'],
    specs: readonly { readonly name: string }[],
  ): void {
    const entries = Object.keys(config[section]);
    this.#taken.set(section, new Set(entries));
    for (const [index, { name }] of specs.entries()) this.#names.set(`${section}/${name}`, entries[index] ?? name);
  }

  /** The entry's name of something that is to be described. */
  give(section: Section, name: string): string {
    const taken = this.#taken.get(section) ?? new Set();
    const entry = entryName(name, taken);
    this.#taken.set(section, taken.add(entry));
    this.#names.set(`${section}/${name}`, entry);
    return entry;
  }

  of(section: Section): EntryOf {
    return (name) => this.#names.get(`${section}/${name}`);
  }
}

/**
 * Everything of an account and region that config can describe and nobody owns: compute environments, scheduling policies,
 * queues, definitions, rules and topics. What another service made for itself, and what some owner's tag is on, is left out.
 */
export async function describeUnowned(aws: Aws, loaded: LoadedConfig, names: EntryNames): Promise<Found<object>[]> {
  const all = await inventory(aws);
  const [environments, policies, queues, definitions, rules, topics] = await Promise.all([
    unowned(computeEnvironmentKind(aws), all.computeEnvironments),
    unowned(schedulingPolicyKind(aws), all.schedulingPolicies),
    unowned(jobQueueKind(aws), all.jobQueues),
    unowned(jobDefinitionKind(aws), all.jobDefinitions),
    unowned(ruleKind(aws), all.rules),
    unowned(topicKind(aws, all.topics.map(allAttributes)), all.topics),
  ]);
  // Queues speak of both by the names of their entries.
  for (const { name } of environments) names.give('computeEnvironments', name);
  for (const { name } of policies) names.give('schedulingPolicies', name);
  const { network } = loaded.environment;
  return [
    ...environments.map((spec) => ({ spec, entry: environmentEntry(spec, network) })),
    ...policies.map((spec) => ({ spec, entry: policyEntry(spec) })),
    ...queues.map((spec) => ({
      spec,
      entry: queueEntry(spec, names.of('computeEnvironments'), names.of('schedulingPolicies')),
    })),
    ...definitions.map((spec) => ({ spec, entry: definitionEntry(spec) })),
    ...rules.map((spec) => ({ spec, entry: ruleEntry(spec) })),
    ...topics.map(stated).map((spec) => ({ spec, entry: topicEntry(spec) })),
  ];
}
