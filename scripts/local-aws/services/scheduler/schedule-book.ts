import { taggedBy, type World } from '../../world.ts';
import { conflict, deleting, invalid, missing } from './handlers.ts';
import type { Schedule, ScheduleGroup } from './schedule.ts';

/** Where schedules are that name no group. It is always there and cannot be deleted. */
const defaultGroup = 'default';

/** The schedules of the account, by their groups. */
export class ScheduleBook {
  readonly #world: World;
  readonly #settlingMs: number;
  readonly #groups = new Map<string, ScheduleGroup>();

  /** @param settlingMs how long a deleted group is DELETING */
  constructor(world: World, settlingMs: number) {
    this.#world = world;
    this.#settlingMs = settlingMs;
    this.addGroup(defaultGroup, new Map(), undefined);
    world.tagged.push(() =>
      this.groups()
        .filter(({ tags }) => tags.size > 0)
        .map(({ arn, tags }) => taggedBy(arn, tags)),
    );
  }

  groups(): readonly ScheduleGroup[] {
    return [...this.#groups.values()].sort(byName);
  }

  /** Throws ResourceNotFoundException. */
  group(name: string): ScheduleGroup {
    const group = this.#groups.get(name);
    if (group === undefined) throw missing(`Schedule group ${name}`);
    return group;
  }

  groupByArn(arn: string): ScheduleGroup {
    const group = this.groups().find((each) => each.arn === arn);
    if (group === undefined) throw missing(`Schedule group ${arn.split('/').at(-1)}`);
    return group;
  }

  /** Returns what the same call created before. Throws ConflictException when another one did. */
  addGroup(name: string, tags: Map<string, string>, clientToken: string | undefined): ScheduleGroup {
    const existing = this.#groups.get(name);
    if (existing !== undefined && clientToken !== undefined && existing.clientToken === clientToken) return existing;
    if (existing !== undefined) throw conflict(`Schedule group ${name}`);
    const now = new Date(this.#world.clock.now());
    const arn = this.#arn('schedule-group', name);
    const group: ScheduleGroup = {
      ...{ name, arn, clientToken, tags, created: now, modified: now },
      ...{ state: 'ACTIVE', schedules: new Map() },
    };
    this.#groups.set(name, group);
    return group;
  }

  /** Its schedules go with it; until that is done they may go on invoking their targets (API reference, DeleteScheduleGroup). */
  deleteGroup(group: ScheduleGroup): void {
    if (group.name === defaultGroup) throw invalid('The default schedule group cannot be deleted.');
    if (group.state === 'DELETING') throw deleting(`Schedule group ${group.name}`);
    group.state = 'DELETING';
    const finish = (): void => {
      for (const schedule of group.schedules.values()) this.delete(schedule);
      this.#groups.delete(group.name);
    };
    if (this.#settlingMs === 0) finish();
    else this.#world.clock.after(this.#settlingMs, finish);
  }

  /** Throws ConflictException while the group is going. */
  requireActive(group: string = defaultGroup): void {
    if (this.group(group).state === 'DELETING') throw deleting(`Schedule group ${group}`);
  }

  /** Of one group, or of all. Throws ResourceNotFoundException for a group that is not there. */
  schedules(group: string | undefined): readonly Schedule[] {
    const groups = group === undefined ? this.groups() : [this.group(group)];
    return groups.flatMap(({ schedules }) => [...schedules.values()].sort(byName));
  }

  find(name: string, group: string = defaultGroup): Schedule | undefined {
    return this.#groups.get(group)?.schedules.get(name);
  }

  /** Throws ResourceNotFoundException. */
  require(name: string, group: string | undefined): Schedule {
    const schedule = this.find(name, group);
    if (schedule === undefined) throw missing(`Schedule ${name}`);
    return schedule;
  }

  add(name: string, group: string = defaultGroup, given: Pick<Schedule, 'settings' | 'clientToken'>): Schedule {
    const { schedules } = this.group(group);
    const since = this.#world.clock.now();
    const now = new Date(since);
    const arn = this.#arn('schedule', `${group}/${name}`);
    const schedule = { ...given, name, group, arn, created: now, modified: now, since, timer: undefined };
    schedules.set(name, schedule);
    return schedule;
  }

  delete(schedule: Schedule): void {
    schedule.timer?.cancel();
    if (this.find(schedule.name, schedule.group) === schedule)
      this.#groups.get(schedule.group)?.schedules.delete(schedule.name);
  }

  #arn(type: string, name: string): string {
    const { partition, region, account } = this.#world;
    return `arn:${partition}:scheduler:${region}:${account}:${type}/${name}`;
  }
}

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name < other.name ? -1 : 1;
