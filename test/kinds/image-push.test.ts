import assert from 'node:assert/strict';
import test from 'node:test';
import * as ecr from '@aws-sdk/client-ecr';
import type { ImageBlob } from '../../scripts/build/job-image.ts';
import { pushImage } from '../../scripts/kinds/image-push.ts';
import { defineService } from '../../scripts/local-aws/wire/service.ts';
import { awsServing } from './served.ts';

const blob = (digest: string, text: string): ImageBlob => ({
  mediaType: `application/${digest}`,
  digest,
  bytes: new TextEncoder().encode(text),
});
const image = {
  layer: blob('sha256:layer', 'a layer of 25 characters.'),
  config: blob('sha256:config', '{}'),
  manifest: blob('sha256:manifest', '{"schemaVersion":2}'),
};

test('a blob goes in parts of the size the registry asks for, one that is there already stays, the manifest is last', async (context) => {
  const calls: string[] = [];
  const aws = await awsServing(context, {
    ecr: () =>
      defineService(
        ecr,
        ecr.ECRClient,
      )({
        BatchCheckLayerAvailability: ({ layerDigests }) => ({
          layers: layerDigests.map((layerDigest) => ({
            layerDigest,
            layerAvailability: layerDigest === 'sha256:config' ? 'AVAILABLE' : 'UNAVAILABLE',
          })),
        }),
        InitiateLayerUpload: () => ({ uploadId: 'upload', partSize: 10 }),
        UploadLayerPart: ({ partFirstByte, partLastByte, layerPartBlob }) => {
          calls.push(`${partFirstByte}-${partLastByte} ${new TextDecoder().decode(layerPartBlob)}`);
          return {};
        },
        CompleteLayerUpload: ({ layerDigests }) => {
          calls.push(`complete ${layerDigests}`);
          return {};
        },
        PutImage: ({ imageTag, imageManifest, imageManifestMediaType }) => {
          calls.push(`put ${imageTag} ${imageManifestMediaType} ${imageManifest}`);
          return {};
        },
      }),
  });
  await pushImage(aws, 'unit/jobs/watcher', '0123', image);
  assert.deepEqual(calls, [
    '0-9 a layer of',
    '10-19  25 charac',
    '20-24 ters.',
    'complete sha256:layer',
    'put 0123 application/sha256:manifest {"schemaVersion":2}',
  ]);
});
