import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jobImage } from '../build/job-image.ts';
import { names, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import type { Images } from '../kinds/image.ts';
import { keepLast, type RepositorySpec } from '../kinds/repository.ts';

/**
 * ECR cannot know which images are in use: a revision of a definition, and each job in a queue, names one by its tag. So
 * many are kept that the oldest is of no revision any more. Layers that images share are stored once; an image costs
 * little more than its bundle.
 */
const keptImages = 500;

export interface BuiltImages {
  /** `REPOSITORY:TAG` by folder, as config names it. */
  readonly names: ReadonlyMap<string, string>;
  readonly images: Images;
}

/** Every image that config takes from a folder of this repository, which lies at `root`. */
export async function builtImages(site: Site, config: Config, root: string): Promise<BuiltImages> {
  const mentioned = new Set(Object.values(config.jobDefinitions).map(({ image }) => image));
  const folders = [...mentioned].filter((image) => existsSync(join(root, image, 'Dockerfile')));
  const built = await Promise.all(
    folders.map(async (folder) => {
      const image = await jobImage(join(root, folder));
      return { folder, image, name: `${names.repository(site, folder)}:${image.tag}` };
    }),
  );
  return {
    names: new Map(built.map(({ folder, name }) => [folder, name])),
    images: new Map(built.map(({ name, image }) => [name, image])),
  };
}

/** One repository for each image that is built here. */
export const desiredRepositories = ({ names: built }: BuiltImages): RepositorySpec[] =>
  [...built.values()].map((name) => ({
    name: name.slice(0, name.lastIndexOf(':')),
    tags: 'IMMUTABLE',
    scanOnPush: true,
    lifecycle: keepLast(keptImages),
  }));
