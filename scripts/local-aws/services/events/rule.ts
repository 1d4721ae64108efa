import type { RuleState, Target } from '@aws-sdk/client-eventbridge';
import type { Schedule } from '../../../cron/schedule.ts';
import type { Timer } from '../../runtime/clock.ts';
import type { Pattern } from './pattern.ts';

/** What PutRule sets, all of it at once: what a call omits is gone. */
export interface RuleSettings {
  readonly state: RuleState;
  readonly description: string | undefined;
  readonly roleArn: string | undefined;
  readonly schedule: { readonly expression: string; readonly times: Schedule } | undefined;
  readonly pattern: { readonly text: string; readonly of: Pattern } | undefined;
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  settings: RuleSettings;
  readonly targets: Map<string, Target>;
  readonly tags: Map<string, string>;
  /** The next time its schedule fires. */
  timer: Timer | undefined;
}

export const isEnabled = (rule: Rule): boolean => rule.settings.state !== 'DISABLED';
