import {
  AddPermissionCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { functionKind } from '../../scripts/kinds/function.ts';
import { account, contract, inRegion } from './contract.ts';
import { prepareFunction, submitter, zipOf, zips } from './submitter.ts';

const permission = {
  FunctionName: submitter.name,
  Principal: 'events.amazonaws.com',
  Action: 'lambda:InvokeFunction',
};

contract('a function', {
  kind: (aws) => functionKind(aws, zips),
  desired: submitter,
  prepare: prepareFunction,
  drifts: {
    codeSha256: (aws) =>
      aws.lambda.send(
        new UpdateFunctionCodeCommand({
          FunctionName: submitter.name,
          ZipFile: zipOf('export const handler = async () => 2;'),
        }),
      ),
    timeoutSeconds: (aws) =>
      aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: submitter.name, Timeout: 3 })),
    'environment.STATE_BUCKET': (aws) =>
      aws.lambda.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName: submitter.name,
          Environment: { Variables: { STATE_BUCKET: 'elsewhere' } },
        }),
      ),
    'asynchronous.onFailureArn': (aws) =>
      aws.lambda.send(
        new PutFunctionEventInvokeConfigCommand({
          FunctionName: submitter.name,
          MaximumRetryAttempts: 2,
          MaximumEventAgeInSeconds: 21_600,
        }),
      ),
    'permissions[by-hand]': (aws) =>
      aws.lambda.send(new AddPermissionCommand({ ...permission, StatementId: 'by-hand' })),
    'permissions[schedules].sourceArn': async (aws) => {
      await aws.lambda.send(new RemovePermissionCommand({ FunctionName: submitter.name, StatementId: 'schedules' }));
      await aws.lambda.send(
        new AddPermissionCommand({
          ...permission,
          StatementId: 'schedules',
          SourceArn: inRegion('events', 'rule/*'),
          SourceAccount: account,
        }),
      );
    },
  },
});
