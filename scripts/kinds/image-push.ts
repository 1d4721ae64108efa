import {
  BatchCheckLayerAvailabilityCommand,
  CompleteLayerUploadCommand,
  InitiateLayerUploadCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import type { Aws } from '../aws/clients.ts';
import { created } from '../aws/errors.ts';
import type { ImageBlob, OneLayerImage } from '../build/job-image.ts';

/** ECR takes parts of at most 10 MiB (10,485,760 bytes), one after the other. */
const defaultPartSize = 10 * 1024 * 1024;

async function hasBlob(aws: Aws, repositoryName: string, digest: string): Promise<boolean> {
  const { layers = [] } = await aws.ecr.send(
    new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests: [digest] }),
  );
  return layers.some(({ layerAvailability }) => layerAvailability === 'AVAILABLE');
}

/** ECR keeps an image's config as it keeps its layers: by digest. */
async function pushBlob(aws: Aws, repositoryName: string, { digest, bytes }: ImageBlob): Promise<void> {
  if (await hasBlob(aws, repositoryName, digest)) return;
  const { uploadId, partSize = defaultPartSize } = await aws.ecr.send(
    new InitiateLayerUploadCommand({ repositoryName }),
  );
  for (let first = 0; first < bytes.length; first += partSize) {
    const layerPartBlob = bytes.subarray(first, first + partSize);
    await aws.ecr.send(
      new UploadLayerPartCommand({
        repositoryName,
        uploadId,
        partFirstByte: first,
        partLastByte: first + layerPartBlob.length - 1,
        layerPartBlob,
      }),
    );
  }
  await created(aws.ecr.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digest] })));
}

/** Pushes an image through ECR's API, without a container engine: blobs, then the manifest that names them. */
export async function pushImage(aws: Aws, repositoryName: string, imageTag: string, image: OneLayerImage) {
  await pushBlob(aws, repositoryName, image.layer);
  await pushBlob(aws, repositoryName, image.config);
  await created(
    aws.ecr.send(
      new PutImageCommand({
        repositoryName,
        imageTag,
        imageManifest: new TextDecoder().decode(image.manifest.bytes),
        imageManifestMediaType: image.manifest.mediaType,
      }),
    ),
  );
}
