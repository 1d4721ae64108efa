import { z } from 'zod';
import { names, type Site } from '../../config/names.ts';
import type { Schedule } from '../../config/schedule-schema.ts';
import type { Config } from '../../config/schema.ts';
import { isSchedulers } from '../../config/timing.ts';
import { desiredRules, desiredSchedules } from '../../desired/events.ts';
import { functionArn } from '../../desired/parts.ts';
import { scheduleName } from '../../kinds/schedule-group.ts';
import { PlanError } from '../../reconcile/errors.ts';
import type { Value } from '../../reconcile/kind.ts';

/** AWS takes texts only; schedule-to-batch makes them of what else a target's own words have. */
const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Variables = z.union([
  z.array(z.strictObject({ name: Text, value: Text })),
  z.record(z.string(), Text).transform((map) => Object.entries(map).map(([name, value]) => ({ name, value }))),
]);

/** What schedule-to-batch takes, but for the event. */
const Input = z.strictObject({
  jobName: Text,
  jobQueue: Text,
  jobDefinition: Text,
  shareIdentifier: Text.optional(),
  containerOverrides: z
    .strictObject({
      environment: Variables.optional(),
      command: z.array(Text).optional(),
      resourceRequirements: z
        .array(z.strictObject({ type: z.enum(['GPU', 'MEMORY', 'VCPU']), value: Text }))
        .optional(),
    })
    .optional(),
  parameters: z.record(z.string(), Text).optional(),
});
/** A submission in SubmitJob's own names. */
export type Input = z.infer<typeof Input>;

/** The target that a schedule has in AWS, whatever config lays over it. */
function targetOf(site: Site, config: Config, name: string, schedule: Schedule) {
  const rule = names.rule(site, name);
  if (!isSchedulers(schedule)) return desiredRules(site, config).find((each) => each.name === rule)?.targets[0];
  const full = scheduleName(names.scheduleGroup(site), rule);
  return desiredSchedules(site, config).find((each) => each.name === full)?.target;
}

const isMap = (value: Value | undefined): value is { readonly [name: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Exactly what a schedule sends to schedule-to-batch, but for the event's id and time. Throws PlanError for a schedule
 * that submits nothing, or something of its event.
 */
export function inputOfSchedule(site: Site, config: Config, name: string, schedule: Schedule): Input {
  const running = `running schedule "${name}" by hand`;
  const target = targetOf(site, config, name, schedule);
  if (schedule.submit === undefined || target?.arn !== functionArn(site, 'schedule-to-batch')) {
    throw new PlanError([
      `${running}: it submits no job through baton, but has targets of its own; run those where they are`,
    ]);
  }
  const { event: _event, ...fields } = isMap(target.input) ? target.input : {};
  if (/<[\w.-]+>/.test(JSON.stringify(fields))) {
    throw new PlanError([
      `${running}: its input takes more of the event than id and time, and there is no event; run its job definition "${schedule.submit.jobDefinition}" with --set`,
    ]);
  }
  const { data, error } = Input.safeParse(fields);
  if (error === undefined) return data;
  const [issue] = error.issues;
  throw new PlanError([
    `${running}: what it sends is no submission (${issue?.path.join('.')}: ${issue?.message}); mend its override`,
  ]);
}
