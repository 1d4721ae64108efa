import type * as Lambda from '@aws-sdk/client-lambda';
import { arnIn, creating, type Need, type Needs, passRole, type Site, tagging } from '../need.ts';

/** A function is named by name, partial ARN or ARN, with a qualifier or without. */
function functionArn(site: Site, reference: string): string {
  if (reference.startsWith('arn:')) return reference;
  return arnIn(site, 'lambda', `function:${reference.replace(/^(?:\d{12}:)?(?:function:)?/, '')}`);
}

const onFunction =
  (action: string) =>
  ({ FunctionName }: { readonly FunctionName: string }, site: Site): readonly Need[] => [
    { action: `lambda:${action}`, resource: functionArn(site, FunctionName) },
  ];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
export const lambdaNeeds: Needs<typeof Lambda> = {
  AddPermission: onFunction('AddPermission'),
  CreateFunction: ({ FunctionName, Role, Tags }, site) => [
    ...creating('lambda:CreateFunction', 'lambda:TagResource', functionArn(site, FunctionName), Tags),
    ...passRole(Role, 'lambda.amazonaws.com'),
  ],
  DeleteFunction: onFunction('DeleteFunction'),
  DeleteFunctionEventInvokeConfig: onFunction('DeleteFunctionEventInvokeConfig'),
  GetFunction: onFunction('GetFunction'),
  GetFunctionConfiguration: onFunction('GetFunctionConfiguration'),
  GetFunctionEventInvokeConfig: onFunction('GetFunctionEventInvokeConfig'),
  GetPolicy: onFunction('GetPolicy'),
  Invoke: onFunction('InvokeFunction'),
  // It has no resource-level permission.
  ListFunctions: () => [{ action: 'lambda:ListFunctions', resource: '*' }],
  ListTags: ({ Resource }) => [{ action: 'lambda:ListTags', resource: Resource }],
  PutFunctionEventInvokeConfig: onFunction('PutFunctionEventInvokeConfig'),
  RemovePermission: onFunction('RemovePermission'),
  TagResource: ({ Resource, Tags }) => tagging('lambda:TagResource', Resource, Tags),
  UntagResource: ({ Resource }) => [{ action: 'lambda:UntagResource', resource: Resource }],
  UpdateFunctionCode: onFunction('UpdateFunctionCode'),
  UpdateFunctionConfiguration: ({ FunctionName, Role }, site) => [
    ...onFunction('UpdateFunctionConfiguration')({ FunctionName }, site),
    ...passRole(Role, 'lambda.amazonaws.com'),
  ],
  UpdateFunctionEventInvokeConfig: onFunction('UpdateFunctionEventInvokeConfig'),
};
