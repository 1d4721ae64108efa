/** Writes one event as one line of JSON; Batch gives each line its time. */
export type Log = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

export const logTo =
  (stream: NodeJS.WritableStream): Log =>
  (event, fields = {}) => {
    stream.write(`${JSON.stringify({ event, ...fields })}\n`);
  };
