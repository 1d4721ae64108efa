import type { Reject } from '../../jobs/feed-consumer/progress/rejects.ts';

/** A reject as its line in S3 tells it, where no records of the feed come before what is read. */
export interface ToldReject {
  readonly record: number;
  readonly line: number;
  readonly reason: string;
  readonly content: unknown;
}

export const toldReject = ({ record, told }: Reject): ToldReject =>
  JSON.parse(`{"record":${record},${Buffer.from(told).toString()}`);

/** A reject that tells that. */
export const rejectTelling = ({ record, ...told }: ToldReject): Reject => ({
  record,
  told: Buffer.from(`${JSON.stringify(told).slice(1)}\n`),
});
