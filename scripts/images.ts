/**
 * npm run images -- --print | --build | --push
 *
 * The images of the jobs, without the rest of an environment. Exit codes: 0 done, 1 failed, 130 stopped by Ctrl-C.
 */
import { Command, Option } from 'commander';
import { failureText } from './control/failure.ts';
import type { ImagesFlags } from './control/images.ts';

const program = new Command('images')
  .description('Builds the images of the jobs that are folders of this repository, and pushes them.')
  .addOption(new Option('--print', 'say what they are, and do nothing (the default)').conflicts(['build', 'push']))
  .addOption(new Option('--build', 'build each with docker, podman or buildah, and leave it here').conflicts('push'))
  .option('--push', 'build those that the registry of the environment does not have, and push them')
  .option('-e, --environment <name>', 'a file in environments/ of the config folder', 'local')
  .option('-c, --config <folder>', 'where the YAML files are', 'config')
  .option('-v, --verbose', 'say on standard error which calls were made to AWS, and how many')
  .option('--json', 'print the outcome for programs; what happens is told on standard error')
  .addHelpText(
    'after',
    `
An image's tag is the hash of all that makes it: its Dockerfile with the digest of the base, the bundle, the platform. A
tag that is in the registry is neither built nor pushed again. apply does all this by itself.

Where BUILDX_BUILDER names a BuildKit beside docker's daemon, docker uses it: it pushes provenance with the image, and
keeps layers in the cache of GitHub Actions where ACTIONS_RUNTIME_TOKEN and ACTIONS_RESULTS_URL are exported.

Examples:
  npm run images                                      the hash and the whole reference of each
  npm run --silent images -- -e production --json     the same for a program
  npm run images -- --build                           does every Dockerfile build?
  npm run images -- --push -e staging                 before the apply that needs them`,
  )
  .action(async (flags: Omit<ImagesFlags, 'var'>) => {
    const { images } = await import('./control/images.ts');
    await images({ ...flags, var: {} });
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(failureText(error));
  process.exitCode ??= 1;
}
