import { writeFileSync } from 'node:fs';
import { dump } from '../../dump/dump.ts';
import type { CommonFlags } from '../options.ts';
import { withEnvironment } from '../session.ts';

interface DumpFlags extends CommonFlags {
  /** Where to; standard output without it. */
  readonly out?: string;
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** Writes the YAML that describes what exists and nobody owns. What it says of itself goes to standard error. */
export async function dumpExisting({ out, ...flags }: DumpFlags): Promise<void> {
  await withEnvironment(flags, async ({ aws, loaded }) => {
    const { yaml, described, leftOut } = await dump(aws, loaded);
    if (out === undefined) process.stdout.write(yaml);
    else writeFileSync(out, yaml);
    const partly = described.filter(({ unsaid }) => unsaid.length > 0).length;
    const rest = [
      ...(partly > 0 ? [`${partly} of them not wholly (see the comments)`] : []),
      ...(leftOut.length > 0 ? [`${leftOut.length} left out`] : []),
    ];
    console.error([`${counted(described.length, 'resource', 'resources')} described`, ...rest].join(', '));
  });
}
