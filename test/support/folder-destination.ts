import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answer, DestinationKind } from '../../jobs/feed-consumer/destinations/destination.ts';
import { reasonOf } from '../../jobs/process/job-error.ts';

/** A folder, as `file:///data/out`: each batch is a file in a folder of the delivery, with `end.json` when all are there. */
export const folderDestination: DestinationKind = (environment, url) => {
  if (url.host !== '') environment.refuse('DESTINATION_URL', 'must be of the form file:///FOLDER');
  return ({ id, kind }) => {
    /** The file appears whole, and again it is the same one. */
    const put = async (name: string, content: string | AsyncIterable<Uint8Array>): Promise<Answer> => {
      try {
        const folder = join(fileURLToPath(url), id);
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, `.${name}`), content);
        await rename(join(folder, `.${name}`), join(folder, name));
        return { kind: 'accepted', refused: [] };
      } catch (error) {
        return { kind: 'busy', cause: 'disk', reason: reasonOf(error) };
      }
    };
    return {
      send: ({ key, body }) => put(`${key}.ndjson`, body.pieces()),
      finish: (totals) => put('end.json', JSON.stringify({ delivery: kind, ...totals })),
    };
  };
};
