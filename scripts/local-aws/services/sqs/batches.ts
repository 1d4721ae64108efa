import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { AwsError } from '../../wire/errors.ts';

/** Does one thing for each entry; an entry that fails is reported in its place and does not fail the others. */
export function forEachEntry<Entry extends { readonly Id: string | undefined }, Result extends object>(
  entries: readonly Entry[],
  run: (entry: Entry) => Result,
): { Successful: ({ Id: string } & Result)[]; Failed: BatchResultErrorEntry[] } {
  checkEntries(entries);
  const results: { Successful: ({ Id: string } & Result)[]; Failed: BatchResultErrorEntry[] } = {
    Successful: [],
    Failed: [],
  };
  for (const entry of entries) {
    const Id = entry.Id ?? '';
    try {
      results.Successful.push({ Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      results.Failed.push({ Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return results;
}

function checkEntries(entries: readonly { readonly Id: string | undefined }[]): void {
  const ids = entries.map(({ Id = '' }) => Id);
  if (ids.length === 0) {
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (ids.length > 10) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${ids.length}.`,
    );
  }
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id))) {
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
}
