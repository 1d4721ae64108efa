import type { LocalSecret } from './secrets.ts';
import type { Stage } from './stage.ts';
import type { Summary } from './summary.ts';
import type { System } from './system.ts';

/** Applies the config through the same code that talks to AWS, then plans again: there must be nothing left to do. */
export async function deploy({ environment, secrets }: System, stage: Stage): Promise<Summary['applied']> {
  for (const secret of secrets) stage.line(lineOf(secret));
  const begun = performance.now();
  stage.frame(['plan   building Lambdas and images, reading what is there']);
  const plan = await environment.plan();
  stage.line(`plan   ${plan.changes.length} resources to create`);
  await environment.apply(plan, (progress) => {
    if (progress.type === 'started') stage.frame([`apply  ${progress.change.ref.kind} ${progress.change.ref.name}`]);
  });
  const milliseconds = Math.round(performance.now() - begun);
  stage.line(`apply  ${plan.changes.length} resources created in ${(milliseconds / 1_000).toFixed(1)} s`);
  stage.frame(['again  planning']);
  const { changes } = await environment.plan();
  if (changes.length > 0)
    throw new Error(`after apply the plan still has ${changes.map(({ ref }) => `${ref.kind} ${ref.name}`).join(', ')}`);
  stage.line('again  nothing to do');
  return { resources: plan.changes.length, milliseconds };
}

function lineOf({ definition, variable, reference, isCurrent, source }: LocalSecret): string {
  const origin = isCurrent
    ? (source ?? `made up for this run; LOCAL_SECRET_${variable} gives another`)
    : 'not here, where secrets have their current version only; its jobs will not start';
  return `secret ${variable} of ${definition}, ${reference}: ${origin}`;
}
