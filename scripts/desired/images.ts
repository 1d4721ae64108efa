import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type JobImage, jobImage } from '../build/job-image.ts';
import type { JobDefinition } from '../config/job-definition-schema.ts';
import { names, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import type { Images } from '../kinds/image.ts';
import { keepLast, type RepositorySpec } from '../kinds/repository.ts';

/**
 * ECR cannot know which images are in use: a revision of a definition, and each job in a queue, names one by its tag. So
 * many are kept that the oldest is of no revision any more. Layers that images share are stored once; an image costs
 * little more than its bundle. One that was pushed with its provenance counts as three: an index and what it names.
 */
const keptImages = 500;

type ImageOf = Pick<JobDefinition, 'image' | 'architecture'>;

/** One folder is built once for each architecture that its definitions run on. */
export const imageKey = ({ image, architecture }: ImageOf): string => `${image} ${architecture}`;

/** An image of a folder of this repository, for one architecture. */
export interface BuiltImage {
  readonly folder: string;
  /** `REPOSITORY:TAG` */
  readonly name: string;
  readonly image: JobImage;
}

export interface BuiltImages {
  readonly built: readonly BuiltImage[];
  /** `REPOSITORY:TAG` by {@link imageKey}. */
  readonly names: ReadonlyMap<string, string>;
  readonly images: Images;
}

/** Every image that config takes from a folder of this repository, which lies at `root`. */
export async function builtImages(site: Site, config: Config, root: string): Promise<BuiltImages> {
  const mentioned = new Map(Object.values(config.jobDefinitions).map((each) => [imageKey(each), each]));
  const ours = [...mentioned].filter(([, { image }]) => existsSync(join(root, image, 'Dockerfile')));
  const built = await Promise.all(
    ours.map(async ([key, { image: folder, architecture }]) => {
      const image = await jobImage(join(root, folder), architecture);
      return { key, folder, image, name: `${names.repository(site, folder)}:${image.tag}` };
    }),
  );
  return {
    built,
    names: new Map(built.map(({ key, name }) => [key, name])),
    images: new Map(built.map(({ name, image }) => [name, image])),
  };
}

/** One repository for each folder that is built here. */
export const desiredRepositories = ({ built }: Pick<BuiltImages, 'built'>): RepositorySpec[] =>
  [...new Set(built.map(({ name }) => name.slice(0, name.lastIndexOf(':'))))].map((name) => ({
    name,
    tags: 'IMMUTABLE',
    scanOnPush: true,
    lifecycle: keepLast(keptImages),
  }));
