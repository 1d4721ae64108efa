import { randomUUID } from 'node:crypto';
import { nextFire } from '../../../cron/schedule.ts';
import type { BusEvent, Events, World } from '../../world.ts';
import { deliverToTargets } from './delivery.ts';
import { matches } from './pattern.ts';
import { isEnabled, type Rule } from './rule.ts';
import type { RuleBook } from './rule-book.ts';

/** ISO 8601 in whole seconds, as EventBridge writes times. */
const isoSeconds = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** Brings events to the rules of the default bus, and fires those that have a schedule. */
export class Bus implements Events {
  readonly #world: World;
  readonly #book: RuleBook;

  constructor(world: World, book: RuleBook) {
    this.#world = world;
    this.#book = book;
    world.onStop.push(async () => {
      for (const rule of book.all()) rule.timer?.cancel();
    });
  }

  /** Returns the event's id. */
  put(event: Parameters<Events['put']>[0], time: number = this.#world.clock.now()): string {
    const whole = this.#event(event, time);
    for (const rule of this.#book.all()) {
      const pattern = rule.settings.pattern?.of;
      if (isEnabled(rule) && pattern !== undefined && matches(pattern, { ...whole })) {
        this.#world.ports.metrics.count('AWS/Events', 'MatchedEvents', { RuleName: rule.name });
        this.#trigger(rule, whole);
      }
    }
    return whole.id;
  }

  /** Sets the timer of a rule's next fire, in place of any other. A rate counts from now. */
  plan(rule: Rule, from: number = this.#world.clock.now()): void {
    rule.timer?.cancel();
    rule.timer = undefined;
    const times = rule.settings.schedule?.times;
    const next = times === undefined || !isEnabled(rule) ? undefined : nextFire(times, new Date(from));
    if (next === undefined) return;
    rule.timer = this.#world.clock.at(next.getTime(), () => {
      this.plan(rule, next.getTime());
      this.#fire(rule, next.getTime());
    });
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html shows the event. */
  #fire(rule: Rule, time: number): void {
    const event = { source: 'aws.events', 'detail-type': 'Scheduled Event', resources: [rule.arn], detail: {} };
    this.#trigger(rule, this.#event(event, time));
  }

  #trigger(rule: Rule, event: BusEvent): void {
    this.#world.ports.metrics.count('AWS/Events', 'TriggeredRules', { RuleName: rule.name });
    deliverToTargets(this.#world, rule, event);
  }

  #event(
    { source, 'detail-type': detailType, resources, detail }: Parameters<Events['put']>[0],
    time: number,
  ): BusEvent {
    const { account, region } = this.#world;
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': detailType,
      source,
      account,
      time: isoSeconds(time),
      region,
      resources,
      detail,
    };
  }
}
