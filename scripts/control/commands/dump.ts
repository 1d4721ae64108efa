import { existsSync } from 'node:fs';
import { dump } from '../../dump/dump.ts';
import { PlanError } from '../../reconcile/errors.ts';
import type { CommonFlags } from '../options.ts';
import { writeFile } from '../plan-file.ts';
import { saying } from '../reading.ts';
import { withEnvironment } from '../session.ts';

interface DumpFlags extends CommonFlags {
  /** Where to; standard output without it. */
  readonly out?: string;
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** What was imported belongs to somebody, so that a second dump leaves it out: over the first, it would take it from config. */
function refuseExisting(file: string): void {
  if (!existsSync(file)) return;
  throw new PlanError([`writing what exists to "${file}": there is such a file already; give another name to --out`]);
}

/** Writes the YAML that describes what exists and nobody owns. What it says of itself goes to standard error. */
export async function dumpExisting({ out, ...flags }: DumpFlags): Promise<void> {
  if (out !== undefined) refuseExisting(out);
  await withEnvironment(flags, async ({ aws, loaded }) => {
    const { yaml, described, leftOut, suspects } = await saying('reading what is there', dump(aws, loaded));
    if (out === undefined) process.stdout.write(yaml);
    else if (described.length > 0) writeFile('what exists', out, yaml);
    const partly = described.filter(({ unsaid }) => unsaid.length > 0).length;
    const rest = [
      ...(partly > 0 ? [`${partly} of them not wholly (see the comments)`] : []),
      ...(leftOut.length > 0 ? [`${leftOut.length} left out`] : []),
      // A file of config without an entry is a mistake, which every command would stop at.
      ...(out !== undefined && described.length === 0 ? [`so "${out}" was not written`] : []),
    ];
    for (const suspect of suspects) {
      console.error(`${suspect} looks like a secret: put it into SSM or Secrets Manager, and name it under secrets`);
    }
    console.error([`${counted(described.length, 'resource', 'resources')} described`, ...rest].join(', '));
  });
}
