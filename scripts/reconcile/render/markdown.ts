import type { Change, Plan } from '../change.ts';
import { refusalLines, refusalsOf } from '../guard.ts';
import { countsOf } from './counts.ts';
import { type Detail, detailsOf } from './details.ts';
import { looks } from './looks.ts';

interface MarkdownOptions {
  /** Names the comment on a pull request that a newer plan takes the place of. */
  readonly environment: string;
  /** Where all of a plan is that was cut, as Markdown. */
  readonly whole: string;
  /** GitHub takes comments of 65,536 characters. */
  readonly limit?: number;
}

/** From so many lines on, the details of a change are folded. */
const foldFrom = 12;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Text in a line of Markdown that stays text: no link, no mention, no end of a line. */
const plainText = (text: string): string =>
  escaped(text.replaceAll(/\s+/g, ' ')).replaceAll(/[\\`*_[\]|@#~!:]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const code = (text: string): string => `<code>${plainText(text)}</code>`;

/** GitHub paints lines of a diff by their first character. */
function diffLines(detail: Detail): readonly string[] {
  switch (detail.type) {
    case 'remark':
      return [`# ${detail.text}`];
    case 'comes':
      return detail.lines.map((line) => `+ ${line}`);
    case 'goes':
      return detail.lines.map((line) => `- ${line}`);
    case 'turns':
      return [`- ${detail.path}: ${detail.from}`, `+ ${detail.path}: ${detail.into}`];
    default:
      return detail satisfies never;
  }
}

/** The fence is longer than any that a value brings along. */
function fenced(lines: readonly string[]): string {
  const text = lines.join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}diff\n${text}\n${fence}`;
}

function block(change: Change): string {
  const { symbol } = looks[change.action];
  const lines = detailsOf(change).flatMap(diffLines);
  const title = `<b>${symbol} ${change.action}</b> ${plainText(change.ref.kind)} ${code(change.ref.name)}`;
  if (lines.length === 0) return `${title}\n`;
  if (lines.length < foldFrom) return `${title}\n\n${fenced(lines)}\n`;
  return `<details><summary>${title} (${lines.length} lines)</summary>\n\n${fenced(lines)}\n\n</details>\n`;
}

/** Blocks as long as there is room; one that is cut would leave its fence open. */
function fitting(blocks: readonly string[], room: number): { readonly text: string; readonly left: number } {
  let used = 0;
  const fit = blocks.findIndex((each) => {
    used += each.length + 1;
    return used > room;
  });
  const count = fit === -1 ? blocks.length : fit;
  return { text: blocks.slice(0, count).join('\n'), left: blocks.length - count };
}

/** What is listed of one refusal; the plan below has the rest. */
const mostLines = 20;

function remarksOn(plan: Plan): readonly string[] {
  const refused = refusalsOf(plan).map((refusal) => {
    const lines = refusalLines(refusal);
    const more = lines.length > mostLines ? [`and ${lines.length - mostLines} more`] : [];
    return `> **apply will refuse this:** ${[...lines.slice(0, mostLines), ...more].map(plainText).join('<br>')}\n`;
  });
  return [...refused, ...plan.notes.map((note) => `> **note:** ${plainText(note)}\n`)];
}

const heading = (plan: Plan): string =>
  plan.changes.length === 0
    ? `No changes: ${code(plan.owner)} is as the config wants it; ${plan.unchanged} unchanged.\n`
    : `### Plan for ${code(plan.owner)}: ${countsOf(plan)}\n`;

/** A plan for a pull request: counts, what should be known, then each change with its diff; cut where it is too long. */
export function renderMarkdown(plan: Plan, { environment, whole, limit = 60_000 }: MarkdownOptions): string {
  const head = `<!-- baton-plan:${environment} -->\n${heading(plan)}`;
  const room = limit - head.length - whole.length - 300;
  const remarks = fitting(remarksOn(plan), room / 3);
  const changes = fitting(plan.changes.map(block), room - remarks.text.length);
  const left = [
    ...(remarks.left === 0 ? [] : [`${remarks.left} remarks`]),
    ...(changes.left === 0 ? [] : [`${changes.left} of ${plan.changes.length} changes`]),
  ];
  return [
    head,
    ...(remarks.text === '' ? [] : [remarks.text]),
    ...(changes.text === '' ? [] : [changes.text]),
    ...(left.length === 0 ? [] : [`**${left.join(' and ')} are not shown here; all of the plan: ${whole}**\n`]),
    ...(plan.changes.length === 0 ? [] : [`<sub>digest ${code(plan.digest.slice(0, 16))}</sub>\n`]),
  ].join('\n');
}
