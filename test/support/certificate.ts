import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** For a test's `skip`: false where certificates can be made, else why the test does not run. */
export const withoutOpenssl =
  spawnSync('openssl', ['version']).status === 0 ? false : 'openssl is not on the PATH, which makes the certificate';

/** A certificate for 127.0.0.1 that is its own authority, and its key. */
export interface Certificate extends Disposable {
  /** The certificate's file: what NODE_EXTRA_CA_CERTS names in a process that is to trust it. */
  readonly file: string;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Makes one that nobody trusts who is not told to. It is good for a day, and its files go with it. */
export function makeCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [file, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const { status, stderr } = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...['-subj', '/CN=baton test', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', file],
  ]);
  if (status !== 0) throw new Error(`making a certificate with openssl: ${String(stderr)}`);
  return {
    file,
    cert: readFileSync(file),
    key: readFileSync(keyFile),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
