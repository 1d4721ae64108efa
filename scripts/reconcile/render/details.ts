import type { Change } from '../change.ts';
import type { FieldDiff } from '../kind.ts';
import { opened } from './opened.ts';
import { textOf, treeLines } from './tree.ts';
import { shownSides } from './values.ts';

/** What people see of a change below its headline. */
export type Detail =
  | { readonly type: 'remark'; readonly text: string }
  /** Lines of what will be there, or of what comes. */
  | { readonly type: 'comes'; readonly lines: readonly string[] }
  | { readonly type: 'goes'; readonly lines: readonly string[] }
  | { readonly type: 'turns'; readonly path: string; readonly from: string; readonly into: string };

const remark = (text: string): Detail => ({ type: 'remark', text });

const besides = (path: string, [first = '', ...more]: readonly string[]): readonly string[] => [
  `${path}: ${first}`,
  ...more.map((line) => `  ${line}`),
];

/** One difference as people read it; of two absent values there is none. */
function fieldDetail({ path, live, desired }: FieldDiff): Detail {
  if (live === undefined) return { type: 'comes', lines: besides(path, textOf(desired)) };
  if (desired === undefined) return { type: 'goes', lines: besides(path, textOf(live)) };
  const [from, into] = shownSides(live, desired);
  return { type: 'turns', path, from, into };
}

export const fieldDetails = (fields: readonly FieldDiff[]): Detail[] => fields.flatMap(opened).map(fieldDetail);

/** Where everything goes, nobody asks why one does. */
export type Purpose = 'apply' | 'destroy';

export function detailsOf(change: Change, purpose: Purpose = 'apply'): readonly Detail[] {
  switch (change.action) {
    case 'create': {
      const lines = treeLines(change.desired);
      return lines.length === 0 ? [] : [{ type: 'comes', lines }];
    }
    case 'delete':
      return [
        ...(purpose === 'apply' ? [remark('is ours and not in config')] : []),
        ...(change.loss === undefined ? [] : [remark(`goes with ${change.loss.what}`)]),
      ];
    case 'update':
      return fieldDetails(change.fields);
    case 'replace':
      return [
        ...change.because.map((field) => remark(`${field} cannot be changed in place: it is deleted and made anew`)),
        ...(change.loss === undefined ? [] : [remark(`goes with ${change.loss.what}`)]),
        ...fieldDetails(change.fields),
      ];
    default:
      return change satisfies never;
  }
}
