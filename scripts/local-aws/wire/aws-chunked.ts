import { AwsError } from './errors.ts';

const incomplete = (): AwsError => new AwsError('IncompleteBody', 'The request body terminated unexpectedly');

/**
 * Takes the aws-chunked coding off a body: `<hex size>[;chunk-signature=…]\r\n<data>\r\n … 0\r\n<trailers>\r\n`. Signatures
 * and trailing checksums are passed over. Throws IncompleteBody when the last chunk does not arrive.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export async function* decodeAwsChunked(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let buffered: Buffer = Buffer.alloc(0);
  let left = 0;
  let expects: 'size' | 'data' | 'end of data' | 'trailers' = 'size';
  for await (const piece of source) {
    if (expects === 'trailers') continue;
    buffered = buffered.length === 0 ? piece : Buffer.concat([buffered, piece]);
    for (;;) {
      if (expects === 'data') {
        const data = buffered.subarray(0, left);
        buffered = buffered.subarray(data.length);
        left -= data.length;
        if (data.length > 0) yield data;
        if (left > 0) break;
        expects = 'end of data';
      }
      const lineEnd = buffered.indexOf('\r\n');
      if (lineEnd < 0) break;
      const line = buffered.toString('latin1', 0, lineEnd);
      buffered = buffered.subarray(lineEnd + 2);
      if (expects === 'end of data') {
        expects = 'size';
        continue;
      }
      left = sizeOf(line);
      expects = left === 0 ? 'trailers' : 'data';
      if (left === 0) break;
    }
  }
  if (expects !== 'trailers') throw incomplete();
}

function sizeOf(line: string): number {
  const size = /^([0-9a-f]+)(?:;|$)/i.exec(line)?.[1];
  if (size === undefined) throw incomplete();
  return Number.parseInt(size, 16);
}
