import type { Pause } from '../aws/pause-tags.ts';
import { names, type Site } from '../config/names.ts';
import type { DesiredState } from '../kinds/desired-state.ts';

/**
 * Whether a rule only tells of what happens. No entry of schedules can have a dot in its name, and what was given another
 * name is known by the config.
 */
export const isAlertRule = (site: Site, name: string): boolean => name.startsWith(names.alertRule(site, ''));

const disabled = { state: 'DISABLED' } as const;

/**
 * What is wanted of an environment as long as it is paused: all of it, but nothing starts a job and no queue takes one.
 * So an apply in between changes everything else, makes what is new disabled, and disables what somebody enabled. Rules
 * of alerts go on.
 */
export const pausedState = (site: Site, desired: DesiredState): DesiredState => ({
  ...desired,
  rules: desired.rules.map((rule) => (isAlertRule(site, rule.name) ? rule : { ...rule, ...disabled })),
  schedules: desired.schedules.map((schedule) => ({ ...schedule, ...disabled })),
  jobQueues: desired.jobQueues.map((queue) => ({ ...queue, ...disabled })),
});

/** `since 2026-11-25T12:00:00Z by ann@desk (the destination is down)` */
export const pauseText = ({ since, by, reason }: Pause): string =>
  `since ${since} by ${by}${reason === undefined ? '' : ` (${reason})`}`;

/** How it ends. */
export const resumeCommand = ({ environment }: Site): string =>
  `npm run pause -- --environment ${environment} --resume`;

/** What a plan says of it. */
export const pauseNote = (site: Site, pause: Pause): string =>
  `${site.environment} is paused ${pauseText(pause)}: its schedules and queues stay disabled, and what is new comes up disabled, until somebody resumes it with "${resumeCommand(site)}"`;
