import type { Site } from '../names.ts';
import type { Config } from '../schema.ts';
import type { Submission } from '../submission-schema.ts';
import type { Branch, Path } from '../tree.ts';

/** What rules judge: every entry here has passed the schema. */
export interface Checked {
  readonly config: Config;
  /** The merged config with places. Has the names of entries that the schema refused, so they count as existing. */
  readonly tree: Branch;
  /** Undefined while the environment's own fields are wrong: rules about names in AWS wait. */
  readonly site: Site | undefined;
  /** `jobs/NAME` for each folder of the repository that an image can be built from. */
  readonly folders: ReadonlySet<string>;
}

/** Reports a mistake at a field. The message goes on after the value found there, or after the field's own name. */
export type Report = (path: Path, message: string, about?: 'value' | 'name') => void;

/** One thing that AWS, or baton, demands beyond the shape of a field. Pushes what it finds and never stops early. */
export type Rule = (checked: Checked, report: Report) => void;

interface PlacedSubmission {
  readonly from: 'schedules' | 'topics';
  readonly path: Path;
  readonly submission: Submission;
}

/** Every submission of the config, of schedules and of topics. */
export function submissions(config: Config): PlacedSubmission[] {
  const scheduled = Object.entries(config.schedules).flatMap(([name, { submit }]): PlacedSubmission[] =>
    submit === undefined ? [] : [{ from: 'schedules', path: ['schedules', name, 'submit'], submission: submit }],
  );
  const triggered = Object.entries(config.topics).flatMap(([name, { submit }]): PlacedSubmission[] =>
    submit === undefined ? [] : [{ from: 'topics', path: ['topics', name, 'submit'], submission: submit }],
  );
  return [...scheduled, ...triggered];
}
