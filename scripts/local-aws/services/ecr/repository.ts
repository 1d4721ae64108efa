import type {
  EncryptionConfiguration,
  ImageScanningConfiguration,
  ImageTagMutability,
  ImageTagMutabilityExclusionFilter,
  Tag,
} from '@aws-sdk/client-ecr';
import type { Handlers } from '../../wire/service.ts';

export type EcrHandlers = Handlers<typeof import('@aws-sdk/client-ecr')>;

/** An image as it was pushed. Its digest is that of the manifest's bytes. */
export interface StoredImage {
  readonly digest: string;
  readonly manifest: string;
  readonly mediaType: string;
  readonly tags: Set<string>;
  readonly pushedAt: Date;
  readonly sizeInBytes: number;
}

export interface Repository {
  readonly name: string;
  readonly arn: string;
  readonly registryId: string;
  readonly uri: string;
  readonly createdAt: Date;
  readonly encryption: EncryptionConfiguration;
  mutability: ImageTagMutability;
  exclusions: ImageTagMutabilityExclusionFilter[] | undefined;
  scanning: ImageScanningConfiguration;
  tags: Tag[];
  lifecyclePolicy?: string;
  policy?: string;
  /** By digest, in order of their push. */
  readonly images: Map<string, StoredImage>;
  /** Layers and image configurations, by digest; their bytes lie in the layer store. */
  readonly layers: Map<string, { readonly size: number }>;
}
