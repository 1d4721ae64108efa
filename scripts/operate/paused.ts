import type { OpenEnvironment } from '../control/environment.ts';
import { pauseText, resumeCommand } from '../control/paused.ts';
import { PlanError } from '../reconcile/errors.ts';

/** Throws PlanError as long as it is paused: its queues would refuse each job. */
export async function refusePaused(environment: OpenEnvironment, doing: string): Promise<void> {
  const pause = await environment.pause();
  if (pause === undefined) return;
  const { owner, loaded } = environment;
  throw new PlanError([
    `${doing}: ${owner} is paused ${pauseText(pause)}, and its queues take no jobs; resume it first: ${resumeCommand(loaded.site)}`,
  ]);
}
