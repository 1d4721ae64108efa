import { text } from 'node:stream/consumers';
import type { Body } from '../../jobs/feed-consumer/destinations/destination.ts';

/** All of a body, as a destination reads it. Its length must be what it says. */
export async function textOfBody(body: Body): Promise<string> {
  const read = await text(body.pieces());
  if (Buffer.byteLength(read) !== body.length)
    throw new Error(`${Buffer.byteLength(read)} of ${body.length} bytes came`);
  return read;
}
