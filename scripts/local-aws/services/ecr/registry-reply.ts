import type { OutgoingHttpHeaders } from 'node:http';
import { AwsError } from '../../wire/errors.ts';

/** What Docker's Registry HTTP API answers: a text, the bytes of a file, or nothing. */
export interface RegistryReply {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  readonly file?: string;
}

/** ECR's codes, as its registry says them: https://distribution.github.io/distribution/spec/api/#errors-2 */
const refusals: Readonly<Record<string, readonly [status: number, code: string]>> = {
  RepositoryNotFoundException: [404, 'NAME_UNKNOWN'],
  ImageNotFoundException: [404, 'MANIFEST_UNKNOWN'],
  LayersNotFoundException: [404, 'BLOB_UNKNOWN'],
  UploadNotFoundException: [404, 'BLOB_UPLOAD_UNKNOWN'],
  EmptyUploadException: [400, 'SIZE_INVALID'],
  InvalidLayerException: [400, 'DIGEST_INVALID'],
  ImageDigestDoesNotMatchException: [400, 'DIGEST_INVALID'],
  ImageTagAlreadyExistsException: [400, 'TAG_INVALID'],
  AccessDeniedException: [403, 'DENIED'],
  InvalidParameterException: [400, 'MANIFEST_INVALID'],
};

export function refusalOf(error: unknown): RegistryReply {
  if (!(error instanceof AwsError))
    return refused(500, 'UNKNOWN', error instanceof Error ? (error.stack ?? error.message) : String(error));
  const [status, code] = refusals[error.code] ?? [400, 'UNKNOWN'];
  return refused(status, code, error.message);
}

export const refused = (status: number, code: string, message: string): RegistryReply => ({
  status,
  headers: {
    'content-type': 'application/json',
    ...(status === 401 && { 'www-authenticate': 'Basic realm="the embedded AWS",service="ecr.amazonaws.com"' }),
  },
  body: JSON.stringify({ errors: [{ code, message }] }),
});
