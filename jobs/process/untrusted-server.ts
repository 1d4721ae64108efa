import type { ClientRequest } from 'node:http';
import { TLSSocket } from 'node:tls';

/** A server that shows a certificate which is not trusted. It was sent no request, and in a minute it will show the same one. */
export class UntrustedServer extends Error {
  override name = 'UntrustedServer';
}

/** What Node says of a certificate whose authority it does not know: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const unknownAuthority: ReadonlySet<unknown> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const advice =
  "where its authority is your own, NODE_EXTRA_CA_CERTS must name a file of the job's image with the authority's certificate";

/** Why a request failed: an UntrustedServer where that is the reason, else the error that the request told. */
export function causeOfFailure({ socket }: ClientRequest, { host }: URL, error: Error): Error {
  // Verification knows many codes, and only the socket tells that an error is one of them. It says null where all is well.
  if (!(socket instanceof TLSSocket) || socket.authorized || !socket.authorizationError) return error;
  const untrusted = `the certificate of ${host} is not trusted`;
  if (!('code' in error && unknownAuthority.has(error.code)))
    return new UntrustedServer(`${untrusted} (${error.message})`);
  // Node 24 adds behind a semicolon what would help on a laptop and not in an image.
  const [reason = ''] = error.message.split(';');
  return new UntrustedServer(`${untrusted} (${reason}); ${advice}`);
}
