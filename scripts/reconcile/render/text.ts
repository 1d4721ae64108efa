import { styleText } from 'node:util';
import type { Plan } from '../change.ts';
import { refusalLines, refusalsOf } from '../guard.ts';
import { countsOf } from './counts.ts';
import { type Detail, detailsOf, type Purpose } from './details.ts';
import { headline } from './looks.ts';
import { WIDTH } from './values.ts';

const below = '    ';

const signed = (symbol: string, colour: 'green' | 'red', [first = '', ...more]: readonly string[]): string[] => [
  `${below}${styleText(colour, symbol)} ${first}`,
  ...more.map((line) => `${below}  ${line}`),
];

/** A detail as indented lines; `isNew` for a resource of which everything comes, so that a sign says nothing. */
export function detailLines(detail: Detail, isNew = false): string[] {
  switch (detail.type) {
    case 'remark':
      return [`${below}${styleText('dim', detail.text)}`];
    case 'comes':
      return isNew ? detail.lines.map((line) => `${below}${line}`) : signed('+', 'green', detail.lines);
    case 'goes':
      return signed('-', 'red', detail.lines);
    case 'turns': {
      const { path, from, into } = detail;
      const gap = from.length + into.length > WIDTH ? `\n${below}    ` : ' ';
      return [`${below}${styleText('yellow', '~')} ${path}: ${from}${gap}-> ${into}`];
    }
    default:
      return detail satisfies never;
  }
}

/** What should be known before a plan is applied: what could not be seen, and what will be refused. */
function remarksOn(plan: Plan, purpose: Purpose): string[] {
  // Of a removal, that all of it goes is what was asked for.
  const refusals = refusalsOf(plan).filter(({ permit }) => purpose === 'apply' || permit !== 'deletions');
  return [
    ...plan.notes.map((note) => `${styleText('yellow', 'note')}: ${note}`),
    ...refusals.flatMap((refusal) => {
      const [first = '', ...more] = refusalLines(refusal);
      return [`${styleText('red', `${purpose} will be refused`)}: ${first}`, ...more];
    }),
  ];
}

/**
 * A plan for people: what is done to what, field by field, then what should be known, ending in counts. Coloured where
 * standard output is.
 */
export function renderPlan(plan: Plan, purpose: Purpose = 'apply'): string {
  const lines = plan.changes.flatMap((change) => [
    headline(change),
    ...detailsOf(change, purpose).flatMap((detail) => detailLines(detail, change.action === 'create')),
  ]);
  const remarks = remarksOn(plan, purpose);
  const block = (text: readonly string[]): string[] => (text.length === 0 ? [] : [...text, '']);
  return [...block(lines), ...block(remarks), `${plan.owner}: ${countsOf(plan)}`].join('\n');
}
