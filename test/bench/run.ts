/**
 * npm run bench [-- NAME … --json --big]
 *
 * Measures, on this machine and now, the figures that the README quotes. Names choose some; --json prints figures only.
 */
import Table from 'cli-table3';
import type { Bench, Figure } from './bench.ts';
import { consumer } from './consumer.ts';
import { embeddedAws } from './embedded-aws.ts';
import { largeFeed } from './large-feed.ts';
import { largeRecords } from './large-records.ts';
import { reconcile } from './reconcile.ts';
import { ruleToLog } from './rule-to-log.ts';
import { story } from './story.ts';
import { watcher } from './watcher.ts';

const benches: readonly Bench[] = [
  embeddedAws,
  reconcile,
  ruleToLog,
  story,
  largeFeed,
  largeRecords,
  watcher,
  consumer,
];

/** No lines between rows and columns, two spaces instead: so a page holds it. */
const lineless = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ mid: '', 'mid-mid': '', 'left-mid': '', 'right-mid': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', middle: '  ', right: '' },
};

const args = process.argv.slice(2);
const json = args.includes('--json');
const wanted = args.filter((arg) => !arg.startsWith('--'));
const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name));

if (unknown.length > 0) {
  console.error(`no bench is called ${unknown.join(', ')}; there are: ${benches.map(({ name }) => name).join(', ')}`);
  process.exitCode = 1;
} else {
  const chosen = benches.filter((bench) => wanted.length === 0 || wanted.includes(bench.name));
  const figures: Figure[] = [];
  for (const bench of chosen) {
    const say = (progress: string): void => console.error(`${bench.name}: ${progress}`);
    say(bench.about);
    figures.push(...(await bench.run(say)));
  }
  console.log(json ? JSON.stringify({ version: 1, node: process.version, figures }, undefined, 2) : render(figures));
}

function render(figures: readonly Figure[]): string {
  const table = new Table({
    head: ['bench', 'what', 'measured', 'aim'],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: lineless,
  });
  for (const { bench, what, value, unit, aim } of figures)
    table.push([
      bench,
      what,
      { content: `${value < 10 ? value.toFixed(2) : Math.round(value)} ${unit}`, hAlign: 'right' },
      aim ?? '',
    ]);
  return table.toString().replace(/ +$/gm, '');
}
