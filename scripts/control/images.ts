import { forOnePlan } from '../aws/clients.ts';
import { findContainerBuilder } from '../build/container-builder.ts';
import { buildContainerImage } from '../build/container-image.ts';
import { unpinnedBases } from '../build/dockerfile.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { registryOf } from '../config/names.ts';
import { type BuiltImage, type BuiltImages, builtImages, desiredRepositories } from '../desired/images.ts';
import { imageKind } from '../kinds/image.ts';
import { repositoryKind } from '../kinds/repository.ts';
import { ApplyError, isBug, reasonOf } from '../reconcile/errors.ts';
import { makePlan } from '../reconcile/plan.ts';
import { renderProgress, renderReport } from '../reconcile/render/report.ts';
import { resourceSet } from '../reconcile/resource-set.ts';
import { interruptedCode, listenForInterruption } from './interruption.ts';
import { type CommonFlags, loadOptionsOf } from './options.ts';
import { withEnvironment } from './session.ts';
import { buildable } from './trouble.ts';

export interface ImagesFlags extends CommonFlags {
  readonly build?: boolean;
  readonly push?: boolean;
  readonly json?: boolean;
}

/** What became of an image. Nothing became of one that was only printed. */
type Fate = 'built' | 'pushed' | 'was there';

/** Progress goes to standard error: standard output is for programs. */
const tell = (line: string): void => console.error(line);

/** Why an image was not built, without the stack: it is what the builder has to say. */
async function orApplyError<T>(doing: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isBug(error)) throw error;
    throw new ApplyError(`${doing}: ${reasonOf(error)}`, { cause: error });
  }
}

const imagesOf = ({ site, config }: LoadedConfig): Promise<BuiltImages> => buildable(builtImages(site, config, '.'));

/** A base that can change gives another image under the same hash, which would never be built. */
function warnOfBases(images: readonly BuiltImage[]): void {
  for (const { folder, image } of images)
    for (const base of unpinnedBases(image.dockerfile))
      tell(
        `note: ${folder}/Dockerfile: the base "${base}" has no digest, so the hash does not follow it; write @sha256:…`,
      );
}

function show(
  images: readonly BuiltImage[],
  { site }: LoadedConfig,
  { json }: ImagesFlags,
  fateOf: (image: BuiltImage) => Fate | undefined = () => undefined,
): void {
  warnOfBases(images);
  const shown = images.map((each) => ({
    folder: each.folder,
    platform: each.image.platform,
    hash: each.image.tag,
    reference: `${registryOf(site)}/${each.name}`,
    fate: fateOf(each),
  }));
  if (json) {
    console.log(JSON.stringify(shown, undefined, 2));
    return;
  }
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length));
  const folders = widest(shown.map(({ folder }) => folder));
  const fates = widest(shown.map(({ fate = '' }) => fate));
  for (const { folder, platform, hash, reference, fate } of shown)
    console.log([folder.padEnd(folders), platform, hash, fate?.padEnd(fates) ?? [], reference].flat().join('  '));
}

/** Builds every image and leaves it on this machine; one after the other, because they share their layers. */
async function build(flags: ImagesFlags): Promise<void> {
  using interruption = listenForInterruption();
  const { signal } = interruption;
  const loaded = loadConfig(loadOptionsOf(flags));
  const { built: images } = await imagesOf(loaded);
  const { env: environment } = process;
  try {
    const builder = await orApplyError('building the images', findContainerBuilder(environment, signal));
    for (const { folder, name, image } of images) {
      const line = (text: string): void => tell(`${folder}: ${text}`);
      const how = { builder, name, environment, host: registryOf(loaded.site) };
      await orApplyError(`building the image of ${folder}`, buildContainerImage(image, how, { signal, line }));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = interruptedCode;
    throw signal.reason;
  }
  show(images, loaded, flags, () => 'built');
}

/** Makes what a plan would make of images and their repositories, and leaves all else to apply. */
const push = (flags: ImagesFlags): Promise<void> =>
  withEnvironment(flags, async ({ loaded, owner, aws: clients, carryOut }) => {
    const images = await imagesOf(loaded);
    const aws = forOnePlan(clients);
    const wanted = images.built.map(({ name }) => ({ name }));
    const whole = await makePlan(
      [
        resourceSet(repositoryKind(aws), desiredRepositories(images)),
        resourceSet(imageKind(aws, images.images), wanted),
      ],
      owner,
    );
    const report = await carryOut(
      { ...whole, changes: whole.changes.filter(({ action }) => action === 'create') },
      { report: (progress) => void (progress.type === 'started' || tell(renderProgress(progress))) },
    );
    if (report.failed.length + report.skipped.length > 0) throw new ApplyError(renderReport(report));
    const pushed = new Set(report.applied.map(({ change }) => change.ref.name));
    show(images.built, loaded, flags, ({ name }) => (pushed.has(name) ? 'pushed' : 'was there'));
  });

/** Prints, builds or pushes the images of an environment, and says what became of each. */
export async function images(flags: ImagesFlags): Promise<void> {
  if (flags.push) return push(flags);
  if (flags.build) return build(flags);
  const loaded = loadConfig(loadOptionsOf(flags));
  show((await imagesOf(loaded)).built, loaded, flags);
}
