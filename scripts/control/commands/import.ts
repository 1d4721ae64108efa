import { names, type Site } from '../../config/names.ts';
import { titled } from '../../reconcile/change.ts';
import { diff } from '../../reconcile/diff.ts';
import { PlanError } from '../../reconcile/errors.ts';
import { fieldDetails } from '../../reconcile/render/details.ts';
import { detailLines } from '../../reconcile/render/text.ts';
import type { Present, Resource, ResourceSet } from '../../reconcile/resource-set.ts';
import type { OpenEnvironment } from '../environment.ts';
import type { CommonFlags } from '../options.ts';
import { agreed } from '../question.ts';
import { saying } from '../reading.ts';
import { withEnvironment } from '../session.ts';

interface ImportFlags extends CommonFlags {
  readonly yes?: boolean;
  /** Also from another environment. */
  readonly takeOver?: boolean;
}

/** What has no tags of its own, and what it belongs to. */
const parents: Readonly<Record<string, string>> = {
  subscription: 'topic',
  image: 'repository',
  schedule: 'schedule-group',
};

/** What an entry of config may be called in AWS, by kind. */
const namings: Readonly<Record<string, (site: Site, entry: string) => string>> = {
  bucket: names.bucket,
  topic: names.topic,
  rule: names.rule,
  schedule: (site, entry) => `${names.scheduleGroup(site)}/${names.rule(site, entry)}`,
  'job-queue': names.jobQueue,
  'job-definition': names.jobDefinition,
  repository: names.repository,
};

/** The names that somebody may mean, the likeliest first. */
const meant = (site: Site, kind: string, name: string): readonly string[] => [
  name,
  namings[kind]?.(site, name) ?? `${site.prefix}-${name}`,
];

/** A compute environment's name ends in a hash that nobody writes. */
const isNamed = (site: Site, kind: string, name: string, { ref }: Resource): boolean =>
  meant(site, kind, name).includes(ref.name) ||
  (kind === 'compute-environment' && ref.name.replace(/-[0-9a-f]{8}$/, '') === `${site.prefix}-${name}`);

function setOf(sets: readonly ResourceSet[], kind: string): ResourceSet {
  const set = sets.find((each) => each.kind === kind);
  if (set !== undefined) return set;
  const kinds = sets.map((each) => each.kind).sort();
  throw new PlanError([`importing: there is no kind "${kind}"; there are: ${kinds.join(', ')}`]);
}

/** Throws PlanError unless there is one, in AWS and in config, that has tags of its own. */
function importable(found: Resource | undefined, kind: string, name: string, site: Site): Present {
  const what = found === undefined ? titled({ kind, name }) : titled(found.ref);
  const where = `account ${site.account}, region ${site.region}`;
  if (found === undefined) throw new PlanError([`importing ${what}: there is none of this name in ${where}`]);
  if (found.state === 'missing') {
    throw new PlanError([`importing ${what}: config describes it, and there is none in ${where}; apply creates it`]);
  }
  if (found.adopt === undefined) {
    const parent = parents[kind] ?? 'parent';
    const ref = found.liveReferences.find((each) => each.kind === parent);
    throw new PlanError([`importing ${what}: it belongs to its ${parent}; import ${parent} ${ref?.name ?? 'NAME'}`]);
  }
  if (found.state === 'undesired') {
    throw new PlanError([
      `importing ${what}: it exists, and config does not describe it, so the next apply would delete it; ` +
        `describe it first, as dump writes it, in an entry with "name: ${found.ref.name}"`,
    ]);
  }
  return found;
}

function refuseOwned({ ref, owner: theirs }: Present, ours: string, takeOver: boolean): void {
  if (theirs === undefined || takeOver) return;
  throw new PlanError([
    `importing ${titled(ref)}: it is tagged baton:owner = ${theirs}, and what applies that would then find it taken; ` +
      `take it out of the config of ${theirs} first, or say --take-over to make it ${ours}'s all the same`,
  ]);
}

/** What the next apply would change of it; importing changes nothing but the tag. */
function renderDifference({ live, desired, ref }: Present, owner: string): string {
  const lines = fieldDetails(diff(live, desired)).flatMap((detail) => detailLines(detail));
  return lines.length === 0
    ? `${titled(ref)} is as config wants it`
    : [`${titled(ref)} as it is -> as ${owner} wants it; the next apply will change it:`, ...lines].join('\n');
}

async function takeOwnership({ aws, owner, loaded: { site } }: OpenEnvironment, found: Present, yes: boolean) {
  const question = `Make it ${owner}'s (account ${site.account})? [y/N] `;
  const otherwise = `importing ${titled(found.ref)}: nobody is here to be asked; say --yes to import it without a question`;
  if (!yes && !(await agreed(question, otherwise))) return;
  await found.adopt?.({ signal: aws.signal, permits: new Set(), waiting: () => {} });
  console.log(`${titled(found.ref)} is now ${owner}'s; nothing else of it was changed`);
}

/** Takes over something that config describes and that was made without it: puts our tag on it, and that is all. */
export async function importResource(kind: string, name: string, flags: ImportFlags): Promise<void> {
  await withEnvironment(flags, async (environment) => {
    const { owner, loaded } = environment;
    const { site } = loaded;
    const sets = await environment.sets();
    const { resources } = await saying('reading what is there', setOf(sets, kind).observe(meant(site, kind, name)));
    const candidates = resources.filter((each) => isNamed(site, kind, name, each));
    const found = candidates.find(({ state }) => state === 'present') ?? candidates[0];
    if (found !== undefined && found.state !== 'missing' && found.owner === owner) {
      console.log(
        `${titled(found.ref)} is ${owner}'s already${found.state === 'present' ? '' : ', and not in config'}`,
      );
      return;
    }
    const there = importable(found, kind, name, site);
    refuseOwned(there, owner, flags.takeOver ?? false);
    console.log(renderDifference(there, owner));
    await takeOwnership(environment, there, flags.yes ?? false);
  });
}
