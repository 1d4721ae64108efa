import type { World } from '../../world.ts';

/** That of a parameter by its name, which may begin with a slash, or by what is one already. AWS drops spaces around it. */
export const parameterArn = (
  { partition, region, account }: Pick<World, 'partition' | 'region' | 'account'>,
  nameOrArn: string,
): string =>
  nameOrArn.startsWith('arn:')
    ? nameOrArn
    : `arn:${partition}:ssm:${region}:${account}:parameter/${nameOrArn.trim().replace(/^\//, '')}`;
