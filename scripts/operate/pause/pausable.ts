import { type Aws, forOnePlan } from '../../aws/clients.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { names } from '../../config/names.ts';
import { isAlertRule } from '../../control/paused.ts';
import { desiredJobQueues } from '../../desired/batch.ts';
import { desiredRules, desiredSchedules } from '../../desired/events.ts';
import { jobQueueKind } from '../../kinds/job-queue.ts';
import { ruleKind } from '../../kinds/rule.ts';
import { scheduleKind } from '../../kinds/schedule.ts';
import type { ResourceKind } from '../../reconcile/kind.ts';
import { isOver, type Timing } from './fire-times.ts';

/** What starts jobs, or takes them, and can be switched off. */
export interface Pausable {
  readonly kind: 'rule' | 'schedule' | 'job-queue';
  /** In AWS. */
  readonly name: string;
  /** `DISABLED`, or AWS's word for one of the ways in which it is enabled. */
  readonly state: string;
  /** What config says of it; `undefined` where it says nothing. */
  readonly wanted: string | undefined;
  /** Of what fires at times. */
  readonly timing: Timing | undefined;
  /** It fires no more, whatever its state. */
  readonly isOver: boolean;
}

/** What there is, and why something may be missing from it. */
export interface Pausables {
  readonly found: readonly Pausable[];
  readonly unseen: readonly string[];
}

interface Stateful {
  readonly name: string;
  readonly state: string;
}

/** Of one kind what is ours, whether config names it or not. */
async function ours<Spec extends Stateful, Live>(
  aws: Aws,
  kind: ResourceKind<Spec, Live>,
  desired: readonly Spec[],
): Promise<{ readonly specs: readonly { spec: Spec; wanted: string | undefined }[]; readonly unseen: string[] }> {
  const wanted = new Map(desired.map(({ name, state }) => [name, state]));
  const { observed, unseen } = await kind.list([...wanted.keys()]);
  const specs = observed.flatMap(({ name, live, owner }) =>
    owner === aws.owner ? [{ spec: kind.toSpec(live), wanted: wanted.get(name) }] : [],
  );
  specs.sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1));
  return { specs, unseen: unseen === undefined ? [] : [`${kind.kind.replaceAll('-', ' ')}s: ${unseen}`] };
}

const timingOf = (expression: string | null): Timing | undefined =>
  expression === null ? undefined : { expression, timezone: 'UTC', startDate: null, endDate: null };

/** Everything of the environment that a pause switches off: rules but those that only tell, schedules, job queues. */
export async function pausables(
  clients: Aws,
  { site, config, environment: { network } }: LoadedConfig,
  now = new Date(),
): Promise<Pausables> {
  const aws = forOnePlan(clients);
  const [rules, schedules, queues] = await Promise.all([
    ours(aws, ruleKind(aws, names.scheduleGroup(site)), desiredRules(site, config)),
    ours(aws, scheduleKind(aws), desiredSchedules(site, config)),
    ours(aws, jobQueueKind(aws), desiredJobQueues(site, config, network)),
  ]);
  const found: Pausable[] = [
    ...rules.specs.flatMap(({ spec: { name, state, expression }, wanted }): Pausable[] =>
      wanted === undefined && isAlertRule(site, name)
        ? []
        : [{ kind: 'rule', name, state, wanted, timing: timingOf(expression), isOver: false }],
    ),
    ...schedules.specs.map(({ spec, wanted }): Pausable => {
      const { name, state, expression, timezone, startDate, endDate } = spec;
      const timing = { expression, timezone, startDate, endDate };
      return { kind: 'schedule', name, state, wanted, timing, isOver: isOver(timing, now) };
    }),
    ...queues.specs.map(
      ({ spec: { name, state }, wanted }): Pausable => ({
        ...{ kind: 'job-queue', name, state, wanted },
        ...{ timing: undefined, isOver: false },
      }),
    ),
  ];
  return { found, unseen: [...rules.unseen, ...schedules.unseen, ...queues.unseen] };
}
