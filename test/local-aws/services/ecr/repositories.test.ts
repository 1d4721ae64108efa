import assert from 'node:assert/strict';
import test from 'node:test';
import {
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  paginateDescribeRepositories,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecr';
import { taggedResources } from '../../../support/tagged-resources.ts';
import { createRepository, ecrWorld, host, program, pushImage, start } from './ecr-world.ts';

const repositoryName = 'jobs/hello';
const resourceArn = 'arn:aws:ecr:eu-central-1:123456789012:repository/jobs/hello';

test('a repository comes back with ECR’s defaults', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const { repositories } = await aws.client.send(
    new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }),
  );
  assert.deepEqual(repositories, [
    {
      repositoryArn: resourceArn,
      registryId: '123456789012',
      repositoryName,
      repositoryUri: `${host}/jobs/hello`,
      createdAt: new Date(start),
      imageTagMutability: 'MUTABLE',
      imageScanningConfiguration: { scanOnPush: false },
      encryptionConfiguration: { encryptionType: 'AES256' },
    },
  ]);
});

test('scanning and mutability are changed in place', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const imageScanningConfiguration = { scanOnPush: true };
  await aws.client.send(new PutImageScanningConfigurationCommand({ repositoryName, imageScanningConfiguration }));
  await aws.client.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'IMMUTABLE' }));
  const [repository] = (await aws.client.send(new DescribeRepositoriesCommand({}))).repositories ?? [];
  assert.deepEqual(
    [repository?.imageScanningConfiguration, repository?.imageTagMutability],
    [imageScanningConfiguration, 'IMMUTABLE'],
  );
});

test('a repository that exists, does not exist, or holds images says so', async () => {
  await using aws = await ecrWorld();
  const describe = () => aws.client.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
  await assert.rejects(describe(), {
    name: 'RepositoryNotFoundException',
    message: "The repository with name 'jobs/hello' does not exist in the registry with id '123456789012'",
  });
  await createRepository(aws);
  await assert.rejects(createRepository(aws), { name: 'RepositoryAlreadyExistsException' });
  await pushImage(aws.client, program('0'), 'a');
  await assert.rejects(aws.client.send(new DeleteRepositoryCommand({ repositoryName })), {
    name: 'RepositoryNotEmptyException',
  });
  await aws.client.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
  await assert.rejects(describe(), { name: 'RepositoryNotFoundException' });
});

test('repositories come in pages', async () => {
  await using aws = await ecrWorld();
  for (const name of ['aa', 'bb', 'cc']) await createRepository(aws, { repositoryName: name });
  const pages: number[] = [];
  for await (const each of paginateDescribeRepositories({ client: aws.client, pageSize: 2 }, {}))
    pages.push(each.repositories?.length ?? 0);
  assert.deepEqual(pages, [2, 1]);
});

test('a lifecycle policy is put, got, deleted, and then not found', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const selection = { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 10 };
  const lifecyclePolicyText = JSON.stringify({ rules: [{ rulePriority: 1, selection, action: { type: 'expire' } }] });
  await aws.client.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
  const get = () => aws.client.send(new GetLifecyclePolicyCommand({ repositoryName }));
  assert.equal((await get()).lifecyclePolicyText, lifecyclePolicyText);
  await aws.client.send(new DeleteLifecyclePolicyCommand({ repositoryName }));
  await assert.rejects(get(), { name: 'LifecyclePolicyNotFoundException' });
});

test('a repository policy is set, got, deleted, and then not found; text that is no JSON is refused', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws);
  const set = (policyText: string) => aws.client.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
  await assert.rejects(set('{'), { name: 'InvalidParameterException' });
  await set('{"Version":"2012-10-17"}');
  const get = () => aws.client.send(new GetRepositoryPolicyCommand({ repositoryName }));
  assert.equal((await get()).policyText, '{"Version":"2012-10-17"}');
  await aws.client.send(new DeleteRepositoryPolicyCommand({ repositoryName }));
  await assert.rejects(get(), { name: 'RepositoryPolicyNotFoundException' });
});

test('tags are replaced by key, and the tagging API sees them', async () => {
  await using aws = await ecrWorld();
  await createRepository(aws, {
    tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '1' },
    ],
  });
  await aws.client.send(new TagResourceCommand({ resourceArn, tags: [{ Key: 'a', Value: '2' }] }));
  await aws.client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['b'] }));
  assert.deepEqual((await aws.client.send(new ListTagsForResourceCommand({ resourceArn }))).tags, [
    { Key: 'a', Value: '2' },
  ]);
  assert.deepEqual(taggedResources(aws.world), [{ arn: resourceArn, tags: { a: '2' } }]);
});

test('an authorization token is a basic credential of user AWS', async () => {
  await using aws = await ecrWorld();
  const { authorizationData } = await aws.client.send(new GetAuthorizationTokenCommand({}));
  const token = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString();
  assert.match(token, /^AWS:./);
  assert.equal(authorizationData?.[0]?.proxyEndpoint, aws.world.endpoint());
});
