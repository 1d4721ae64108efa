import type { System } from './system.ts';

/** How to point the aws CLI, and this repository's own commands, at a system: they work as they stand. */
export function renderHowTo({ aws, destination, environment, variables }: System): string {
  const { region, prefix } = environment.loaded.site;
  const { broadbeanFeedUrl: feed } = environment.loaded.environment.variables;
  const [schedule = ''] = Object.keys(environment.loaded.config.schedules);
  const given = Object.entries(variables).map(([name, value]) => ` --var ${quoted(`${name}=${value}`)}`);
  // Version 1 of the aws CLI reads AWS_DEFAULT_REGION alone, SDKs AWS_REGION alone.
  const regions = `AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`;
  return `
The embedded AWS listens on ${aws.endpoint}. Point the aws CLI, or any SDK, at it:

  export AWS_ENDPOINT_URL=${aws.endpoint} ${regions} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local

  aws events list-rules
  aws batch list-jobs --job-queue ${prefix}-feeds --filters name=AFTER_CREATED_AT,values=0
  aws s3 ls
  npm run reconcile -- plan${given.join('')}
  npm run trigger -- ${schedule}${given.join('')}
  npm run status

The feed      ${feed}
Its records   ${destination.file}
E-mails       ${aws.endpoint}/_mailbox
Ctrl-C stops it, and everything that it runs.`;
}

/** One word of a shell's command line. */
const quoted = (word: string): string =>
  /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", () => "'\\''")}'`;
