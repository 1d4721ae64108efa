/** How long a feed's server is waited for. Times in milliseconds. */
export interface Patience {
  /** From the first request to the last byte. */
  readonly total: number;
  /** For the answer to a request, and for any byte of it. */
  readonly silence: number;
  /** How much waiting the pace is measured over, and the bytes a second that must come in it at least. */
  readonly window: number;
  readonly leastRate: number;
  /** Waits before a request that was not answered well is made again, one for each time; longer where the server asks for it. */
  readonly delays: readonly number[];
  /** How often one download goes on where it broke off, and how often it is begun. */
  readonly resumptions: number;
  readonly beginnings: number;
}

/** But for the time for the whole download, which is a setting. A server that restarts is back within minutes. */
export const patience: Omit<Patience, 'total'> = {
  silence: 60_000,
  window: 30_000,
  leastRate: 1_000,
  delays: [1_000, 5_000, 30_000, 120_000],
  resumptions: 5,
  beginnings: 3,
};
