import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { PlanError, reasonOf } from '../reconcile/errors.ts';
import type { Value } from '../reconcile/kind.ts';
import type { Reviewed } from '../reconcile/moved.ts';
import type { PlanDocument } from '../reconcile/render/document.ts';
import { digestOf } from '../reconcile/situation.ts';

const Json: z.ZodType<Value> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(Json), z.record(z.string(), Json)]),
);
const Fields = z.record(z.string(), Json);

/** What a comparison needs of a plan's document. */
const Document = z.object({
  version: z.literal(3),
  owner: z.string(),
  digest: z.string(),
  changes: z.array(
    z.object({
      action: z.enum(['create', 'update', 'replace', 'delete']),
      kind: z.string(),
      name: z.string(),
      live: Fields.optional(),
      desired: Fields.optional(),
    }),
  ),
  situation: z.record(z.string(), z.string()),
}) satisfies z.ZodType<Reviewed>;

/** What `plan --json` prints and `plan --out` writes. */
export const planText = (document: PlanDocument): string => JSON.stringify(document, null, 2);

/** Writes a file that somebody asked for. Throws PlanError with its name. */
export function writeFile(what: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new PlanError([`writing ${what} to "${file}": ${reasonOf(error)}`], { cause: error });
  }
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new PlanError([`reading the plan "${file}": ${reasonOf(error)}; write one with plan --out`], {
      cause: error,
    });
  }
}

/** A plan that was written by `plan --out`. Throws PlanError for what is none, or is not whole. */
export function readPlanFile(file: string): Reviewed {
  const { data, error } = Document.safeParse(parsed(file));
  if (error) {
    const [issue] = error.issues;
    const where = issue?.path.join('.') ?? '';
    throw new PlanError([
      `reading the plan "${file}": it is no plan of this version (${where}: ${issue?.message}); write a new one with plan --out`,
    ]);
  }
  if (digestOf(data.owner, data.situation) !== data.digest) {
    throw new PlanError([
      `reading the plan "${file}": its digest is not that of what it says, so it was edited or cut; write a new one with plan --out`,
    ]);
  }
  return data;
}
