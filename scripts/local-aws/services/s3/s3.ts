import { join } from 'node:path';
import type { World } from '../../world.ts';
import { Bodies } from './bodies.ts';
import type { Store } from './bucket.ts';
import { bucketHandlers } from './buckets.ts';
import { deleteHandlers } from './delete-objects.ts';
import type { S3Handlers } from './handlers.ts';
import { listHandlers } from './list-objects.ts';
import { uploadListHandlers } from './list-uploads.ts';
import { versionHandlers } from './list-versions.ts';
import { multipartHandlers } from './multipart.ts';
import { readHandlers } from './read-objects.ts';
import { settingHandlers } from './settings.ts';
import { writeHandlers } from './write-objects.ts';

/**
 * S3: buckets and what is said about objects in memory, the objects' bytes on disk. All handlers work on one store, and
 * whatever they change they change in one turn of the event loop; only the streaming of bytes takes longer.
 */
export function createS3(world: World): { readonly handlers: S3Handlers } {
  const store: Store = { world, bodies: new Bodies(join(world.directory, 's3')), buckets: new Map() };
  world.resourcePolicies.set('s3', (arn) => {
    const [bucket = ''] = arn.split(':').slice(5).join(':').split('/');
    return store.buckets.get(bucket)?.settings.policy;
  });
  world.tagged.push(() =>
    [...store.buckets.values()].map(({ name, settings }) => ({
      arn: `arn:${world.partition}:s3:::${name}`,
      tags: Object.fromEntries(settings.tags ?? []),
      retag: (tags) => {
        settings.tags = new Map(Object.entries(tags));
      },
    })),
  );
  return {
    handlers: {
      ...bucketHandlers(store),
      ...settingHandlers(store),
      ...writeHandlers(store),
      ...readHandlers(store),
      ...deleteHandlers(store),
      ...multipartHandlers(store),
      ...listHandlers(store),
      ...versionHandlers(store),
      ...uploadListHandlers(store),
    },
  };
}
