import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import test from 'node:test';
import { promisify } from 'node:util';
import { secretsManagerModel } from '../../../scripts/local-aws/services/secretsmanager/model.ts';
import { ssmModel } from '../../../scripts/local-aws/services/ssm/model.ts';
import { shapeOf } from '../../../scripts/local-aws/wire/schema.ts';
import { secretStores } from './secret-stores.ts';

/** What the aws CLI is made of. It prints the members of the requests it was given, and then what came of its calls. */
const script = `
import json, sys, botocore.session
from botocore.config import Config
session = botocore.session.Session()
session.set_credentials('AKIAPERSON', 'secret')
config = Config(retries={'total_max_attempts': 1})
def client(name): return session.create_client(name, 'eu-central-1', endpoint_url=sys.argv[1], config=config)
manager, ssm = client('secretsmanager'), client('ssm')
members = {}
for one in (manager, ssm):
    for operation in json.loads(sys.argv[2]).get(one.meta.service_model.service_name, []):
        shape = one.meta.service_model.operation_model(operation).input_shape
        members[operation] = {'required': sorted(shape.required_members), 'all': sorted(shape.members)}
manager.create_secret(Name='token', SecretBinary=b'one', Description='of the feed')
try:
    manager.create_secret(Name='token')
except manager.exceptions.ResourceExistsException as error:
    exists = error.response['ResponseMetadata']['HTTPStatusCode']
manager.put_secret_value(SecretId='token', SecretString='two')
ssm.put_parameter(Name='/token', Value='three', Type='SecureString')
try:
    ssm.put_parameter(Name='/token', Value='four', Type='SecureString', AllowedPattern='.*', Overwrite=True)
except ssm.exceptions.ClientError as error:
    refused = error.response['Error']
json.dump({
    'members': members,
    'exists': exists,
    'refused': refused,
    'secret': manager.get_secret_value(SecretId='token')['SecretString'],
    'before': manager.get_secret_value(SecretId='token', VersionStage='AWSPREVIOUS')['SecretBinary'].decode(),
    'description': manager.describe_secret(SecretId='token')['Description'],
    'parameter': ssm.get_parameter(Name='/token', WithDecryption=True)['Parameter']['Value'],
    'tiers': [each['Tier'] for each in ssm.describe_parameters()['Parameters']],
}, sys.stdout)
`;

const hasBotocore = spawnSync('python3', ['-c', 'import botocore']).status === 0;
const skip = hasBotocore ? false : 'python3 with botocore is not on PATH, so there is neither an SDK nor a model';

/** By operation, as the script prints them. */
function writtenMembers(model: object): Record<string, object> {
  const operations = Object.values(model).map((operation) => {
    assert.ok(Array.isArray(operation));
    const input = shapeOf(operation[4]);
    assert.ok(input.kind === 'struct');
    const required = [...input.members].flatMap(([name, shape]) => (shape.required ? name : []));
    return [String(operation[2]), { required: required.sort(), all: [...input.members.keys()].sort() }];
  });
  return Object.fromEntries(operations);
}

test("botocore's clients are served, and the models written by hand have every member of their requests", {
  skip,
}, async (t) => {
  const written = { secretsmanager: writtenMembers(secretsManagerModel), ssm: writtenMembers(ssmModel) };
  const operations = Object.entries(written).map(([service, members]) => [service, Object.keys(members)]);
  const { endpoint } = await secretStores(t);
  const names = JSON.stringify(Object.fromEntries(operations));
  const { stdout } = await promisify(execFile)('python3', ['-c', script, endpoint, names]);
  assert.deepEqual(JSON.parse(stdout), {
    members: { ...written.secretsmanager, ...written.ssm },
    exists: 400,
    refused: {
      Code: 'NotImplemented',
      Message: "ssm's PutParameterRequest with AllowedPattern is not implemented by the embedded AWS",
    },
    secret: 'two',
    before: 'one',
    description: 'of the feed',
    parameter: 'three',
    tiers: ['Standard'],
  });
});
