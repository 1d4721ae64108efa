import type { SecretsManagerModule } from '../../services/secretsmanager/model.ts';
import { arnIn, type Need, type Needs, type Site } from '../need.ts';

/** Which secret a name stands for is not known here: policies speak of one by its ARN with any six characters at its end. */
const secretArn = (site: Site, id: string): string =>
  id.startsWith('arn:') ? id : arnIn(site, 'secretsmanager', `secret:${id}-??????`);

const onSecret =
  (action: string) =>
  ({ SecretId }: { readonly SecretId: string }, site: Site): readonly Need[] => [
    { action: `secretsmanager:${action}`, resource: secretArn(site, SecretId) },
  ];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html */
export const secretsManagerNeeds: Needs<SecretsManagerModule> = {
  CreateSecret: ({ Name }, site) => [{ action: 'secretsmanager:CreateSecret', resource: secretArn(site, Name) }],
  DeleteSecret: onSecret('DeleteSecret'),
  DescribeSecret: onSecret('DescribeSecret'),
  GetSecretValue: onSecret('GetSecretValue'),
  PutSecretValue: onSecret('PutSecretValue'),
};
