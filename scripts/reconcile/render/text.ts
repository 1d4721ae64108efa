import { styleText } from 'node:util';
import type { Progress, Report } from '../apply.ts';
import { type Change, type Plan, titled } from '../change.ts';
import type { Fields } from '../value.ts';
import { leaves, opened, shown, shownChange } from './values.ts';

const looks = {
  create: { symbol: '+', colour: 'green', verb: 'creating' },
  update: { symbol: '~', colour: 'yellow', verb: 'updating' },
  replace: { symbol: '±', colour: 'magenta', verb: 'replacing' },
  delete: { symbol: '-', colour: 'red', verb: 'deleting' },
} as const;

const headline = ({ action, ref }: Pick<Change, 'action' | 'ref'>): string => {
  const { symbol, colour } = looks[action];
  return `${styleText(colour, symbol)} ${ref.kind} ${styleText('bold', ref.name)}`;
};

const indented = (text: string): string => `    ${text}`;

const fieldLines = (fields: Fields): string[] =>
  Object.entries(fields)
    .filter(([name]) => name !== 'name')
    .flatMap(([name, value]) => leaves(value, name))
    .map(({ path, value }) => indented(`${path}: ${shown(value)}`));

function detailLines(change: Change): string[] {
  switch (change.action) {
    case 'create':
      return fieldLines(change.desired);
    case 'delete':
      return [indented('is ours and not in config')];
    case 'update':
    case 'replace': {
      const because = change.action === 'replace' ? change.because : [];
      return [
        ...because.map((field) => indented(`${field} cannot be changed in place`)),
        ...change.fields
          .flatMap(opened)
          .map(({ path, live, desired }) => indented(`${path}: ${shownChange(live, desired)}`)),
      ];
    }
    default:
      return change satisfies never;
  }
}

function counts({ changes, unchanged }: Plan): string {
  const count = (action: Change['action']): number => changes.filter((change) => change.action === action).length;
  const parts = (['create', 'update', 'replace', 'delete'] as const).flatMap((action) =>
    count(action) === 0 ? [] : [`${count(action)} to ${action}`],
  );
  return `${parts.length === 0 ? 'nothing to do' : parts.join(', ')}; ${unchanged} unchanged`;
}

/** A plan for people: what is done to what, field by field, ending in counts. Coloured where standard output is. */
export function renderPlan(plan: Plan): string {
  const lines = plan.changes.flatMap((change) => [headline(change), ...detailLines(change)]);
  const gap = lines.length === 0 ? [] : [''];
  return [...lines, ...gap, `${plan.owner}: ${counts(plan)}`].join('\n');
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** One event of an apply as one line. */
export function renderProgress(progress: Progress): string {
  const { change } = progress;
  const line = headline(change);
  switch (progress.type) {
    case 'started':
      return `${line}: ${looks[change.action].verb}`;
    case 'waiting':
      return `${line}: waiting: ${progress.forWhat}`;
    case 'applied':
      return `${line}: done in ${seconds(progress.milliseconds)}`;
    case 'failed':
      return `${line}: ${styleText('red', 'failed')} after ${seconds(progress.milliseconds)}: ${progress.reason}`;
    case 'skipped':
      return `${line}: skipped: ${progress.reason}`;
    default:
      return progress satisfies never;
  }
}

/** Everything that was not applied and why, ending in counts. */
export function renderReport({ applied, failed, skipped }: Report): string {
  const reasons = [
    ...failed.map(({ change, reason }) => `${looks[change.action].verb} ${titled(change.ref)}: ${reason}`),
    ...skipped.map(({ change, reason }) => `${looks[change.action].verb} ${titled(change.ref)}: skipped, ${reason}`),
  ];
  const bad = failed.length + skipped.length;
  const counted = `${applied.length} applied${bad === 0 ? '' : `, ${failed.length} failed, ${skipped.length} skipped`}`;
  return [...reasons, counted].join('\n');
}
