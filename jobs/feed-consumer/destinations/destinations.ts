import type { DestinationKind } from './destination.ts';
import { httpDestination } from './http-destination.ts';
import { s3Destination } from './s3-destination.ts';

/** Every kind of destination, by the scheme of DESTINATION_URL. */
export const destinations: ReadonlyMap<string, DestinationKind> = new Map([
  ['http:', httpDestination],
  ['https:', httpDestination],
  ['s3:', s3Destination],
]);
