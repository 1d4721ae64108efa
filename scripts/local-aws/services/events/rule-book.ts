import { AwsError } from '../../wire/errors.ts';
import { taggedBy, type World } from '../../world.ts';
import type { Rule } from './rule.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const mostRules = 300;

const defaultBus = 'default';

/** The rules of the default event bus, the only one there is. */
export class RuleBook {
  readonly busArn: string;
  readonly #rules = new Map<string, Rule>();
  readonly #arnPrefix: string;

  constructor({ partition, region, account, tagged }: World) {
    const prefix = `arn:${partition}:events:${region}:${account}`;
    this.busArn = `${prefix}:event-bus/${defaultBus}`;
    this.#arnPrefix = `${prefix}:rule/`;
    tagged.push(() => this.all().map(({ arn, tags }) => taggedBy(arn, tags)));
  }

  all(): readonly Rule[] {
    return [...this.#rules.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  hasBus(bus: string = defaultBus): boolean {
    return bus === defaultBus || bus === this.busArn;
  }

  /** Throws ResourceNotFoundException for another bus than the default one. */
  checkBus(bus: string | undefined): void {
    if (this.hasBus(bus)) return;
    throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
  }

  find(name: string, bus: string | undefined): Rule | undefined {
    this.checkBus(bus);
    return this.#rules.get(name);
  }

  require(name: string, bus: string | undefined): Rule {
    return this.find(name, bus) ?? missingRule(name);
  }

  byArn(arn: string): Rule {
    const name = arn.slice(this.#arnPrefix.length);
    return (arn.startsWith(this.#arnPrefix) ? this.#rules.get(name) : undefined) ?? missingRule(name);
  }

  add(name: string, settings: Rule['settings']): Rule {
    if (this.#rules.size >= mostRules) throw tooMany();
    const rule = {
      name,
      arn: this.#arnPrefix + name,
      settings,
      targets: new Map(),
      tags: new Map(),
      timer: undefined,
    };
    this.#rules.set(name, rule);
    return rule;
  }

  delete(rule: Rule): void {
    this.#rules.delete(rule.name);
  }
}

const missingRule = (name: string): never => {
  throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${defaultBus}.`);
};

export const tooMany = (): AwsError =>
  new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
