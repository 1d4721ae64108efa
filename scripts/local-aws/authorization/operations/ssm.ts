import type { SsmModule } from '../../services/ssm/model.ts';
import { parameterArn } from '../../services/ssm/parameter-arn.ts';
import type { Need, Needs, Site } from '../need.ts';

const on = (action: string, site: Site, nameOrArn: string): Need => ({
  action: `ssm:${action}`,
  resource: parameterArn(site, nameOrArn),
});

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
export const ssmNeeds: Needs<SsmModule> = {
  DeleteParameter: ({ Name }, site) => [on('DeleteParameter', site, Name)],
  DescribeParameters: () => [{ action: 'ssm:DescribeParameters', resource: '*' }],
  GetParameter: ({ Name }, site) => [on('GetParameter', site, Name)],
  GetParameters: ({ Names }, site) => Names.map((name) => on('GetParameters', site, name)),
  PutParameter: ({ Name }, site) => [on('PutParameter', site, Name)],
};
