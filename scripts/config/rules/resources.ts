import { durationSeconds } from '../duration.ts';
import { names, type Site } from '../names.ts';
import { type Section, sections } from '../schema.ts';
import type { Path } from '../tree.ts';
import type { Checked, Rule } from './rule.ts';

const nameOf: Readonly<Record<Section, (site: Site, name: string) => string>> = {
  computeEnvironments: (site, name) => names.computeEnvironment(site, name, 'hash'),
  schedulingPolicies: names.schedulingPolicy,
  jobQueues: names.jobQueue,
  jobDefinitions: names.jobDefinition,
  schedules: names.rule,
  topics: names.topic,
  buckets: names.bucket,
};

function awsNames({ config }: Checked, site: Site, section: Section): (readonly [path: Path, name: string])[] {
  return Object.keys(config[section]).map((name) => [[section, name], nameOf[section](site, name)] as const);
}

/** What baton makes for itself. */
function batonsOwn(site: Site, section: Section): string[] {
  if (section === 'buckets') return [names.stateBucket(site)];
  return section === 'topics' ? [names.alertTopic(site), names.successTopic(site)] : [];
}

/** Names over AWS's limits are cut and end in a hash; two that are the same all the same would be one resource. */
export const namesStayApart: Rule = (checked, report) => {
  const { site } = checked;
  if (site === undefined) return;
  for (const section of sections) {
    const taken = new Map<string, Path>(batonsOwn(site, section).map((name) => [name, []]));
    for (const [path, name] of awsNames(checked, site, section)) {
      const other = taken.get(name);
      if (other !== undefined) {
        const whose =
          other.length === 0
            ? `baton's own ${section === 'buckets' ? 'state bucket' : 'topic'}`
            : other.map(String).join('.');
        report(path, `would be named "${name}" in AWS, as is ${whose}; choose another name`);
      }
      taken.set(name, path);
    }
  }
};

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const bucketNamesAreS3s: Rule = (checked, report) => {
  if (checked.site === undefined) return;
  for (const [path, name] of awsNames(checked, checked.site, 'buckets')) {
    const reserved = ['xn--', 'sthree-', 'amzn-s3-demo-'].find((start) => name.startsWith(start));
    if (reserved !== undefined) report(path, `would be named "${name}", and S3 reserves names in "${reserved}"`);
  }
};

/** Every duration in the lifecycle of a bucket, with its place. */
function lifecycleTimes(config: Checked['config']): (readonly [path: Path, duration: string])[] {
  return Object.entries(config.buckets).flatMap(([name, { expire, transition }]) => [
    ...expire.flatMap(({ after, noncurrentAfter }, index) =>
      Object.entries({ after, noncurrentAfter }).flatMap(([field, duration]) =>
        duration === undefined ? [] : [[['buckets', name, 'expire', index, field], duration] as const],
      ),
    ),
    ...transition.map(({ after }, index) => [['buckets', name, 'transition', index, 'after'], after] as const),
  ]);
}

/** A lifecycle rule counts days. */
export const expirationsAreWholeDays: Rule = ({ config }, report) => {
  for (const [path, duration] of lifecycleTimes(config)) {
    if (durationSeconds(duration) % 86_400 !== 0) report(path, 'must be whole days, such as 30d: S3 counts in days');
  }
};

export const expirationsSayWhen: Rule = ({ config }, report) => {
  for (const [name, { expire }] of Object.entries(config.buckets)) {
    for (const [index, { after, noncurrentAfter }] of expire.entries()) {
      if (after === undefined && noncurrentAfter === undefined) {
        report(['buckets', name, 'expire', index], 'must say when: after, noncurrentAfter or both');
      }
    }
  }
};

/**
 * Per account and region, and AWS raises neither; what it does raise, such as the number of rules, only a plan can warn of.
 * https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html
 */
const quotas = [
  { section: 'jobQueues', most: 50 },
  { section: 'computeEnvironments', most: 50 },
] as const;

export const quotasHold: Rule = ({ config }, report) => {
  for (const { section, most } of quotas) {
    const count = Object.keys(config[section]).length;
    if (count > most) report([section], `has ${count} entries, and an account has room for ${most}`);
  }
};
