import { leastParts, mostParts } from '../../jobs/messages/feed-message.ts';

/**
 * How many children the job for a message has: as many as the snapshot that it tells of has parts. `undefined` for one
 * job, also where a message is of another form: `parts` may mean anything there. Throws for a number that no array has.
 */
export function arraySizeOf(message: string): number | undefined {
  const value = parsed(message);
  if (typeof value !== 'object' || value === null || !('parts' in value)) return undefined;
  if (!('version' in value && value.version === 1 && 'key' in value && typeof value.key === 'string')) return undefined;
  const { parts } = value;
  if (typeof parts === 'number' && Number.isInteger(parts) && parts >= leastParts && parts <= mostParts) return parts;
  throw new Error(
    `the message says parts: ${JSON.stringify(parts)}; an array job has ${leastParts} to ${mostParts} children, and one part is no array`,
  );
}

function parsed(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
