/** Services whose ARNs hold a bare name have one type of resource that goes without saying. */
const bareNames: ReadonlyMap<string, string> = new Map([
  ['s3', 'bucket'],
  ['sns', 'topic'],
  ['sqs', 'queue'],
]);

/** Whether an ARN is of a resource type as filters name it: `lambda:function`, or `lambda` for all of the service. */
export function isOfType(arn: string, filter: string): boolean {
  const [, , service = '', , , ...rest] = arn.split(':');
  const [wantedService, wantedType] = filter.split(':');
  const [, type = bareNames.get(service)] = /^([^:/]+)[:/]/.exec(rest.join(':')) ?? [];
  return wantedService === service && (wantedType === undefined || wantedType === type);
}
