import { PlanError } from '../../reconcile/errors.ts';
import { guard } from '../../reconcile/guard.ts';
import type { Permit } from '../../reconcile/kind.ts';
import { renderPlan } from '../../reconcile/render/text.ts';
import { carryOutRemoval } from '../carry-out.ts';
import type { OpenEnvironment } from '../environment.ts';
import { type CommonFlags, type PermitFlags, permitsOf } from '../options.ts';
import { ask } from '../question.ts';
import { withEnvironment } from '../session.ts';

interface DestroyFlags extends CommonFlags, PermitFlags {
  /** The environment's name, for where nobody can be asked. */
  readonly confirm?: string;
}

async function refuseUnconfirmed({ loaded: { site } }: OpenEnvironment, given: string | undefined): Promise<void> {
  const { environment, account } = site;
  const answer =
    given ??
    (await ask(
      `Delete all of this in ${environment} (account ${account})? Write the environment's name: `,
      `destroying ${environment}: nobody is here to be asked; say --confirm ${environment}`,
    ));
  if (answer !== environment) {
    throw new PlanError([`destroying ${environment}: "${answer}" is not its name; nothing was changed`]);
  }
}

/** Deletes everything that is ours, whether config names it or not. */
export async function destroy(flags: DestroyFlags): Promise<void> {
  await withEnvironment(flags, async (environment) => {
    const shown = await environment.removal();
    if (shown.changes.length === 0) {
      console.log(
        [...shown.notes.map((note) => `note: ${note}`), `${shown.owner}: there is nothing to delete`].join('\n'),
      );
      return;
    }
    console.log(renderPlan(shown, 'destroy'));
    // That all of it goes is what was asked for.
    const permits = new Set<Permit>([...permitsOf(flags), 'deletions']);
    guard(shown, permits);
    await refuseUnconfirmed(environment, flags.confirm);
    await carryOutRemoval(environment, shown, permits);
  });
}
