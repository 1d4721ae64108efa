import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jobImage } from '../build/job-image.ts';
import { names, type Site } from '../config/names.ts';
import type { Config } from '../config/schema.ts';
import type { Images } from '../kinds/image.ts';

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
