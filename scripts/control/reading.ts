/** Where it is said; only a terminal has `isTTY`. */
type Terminal = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };

const second = 1_000;
const startOfLine = '\r\u001b[2K';

/**
 * Says in a terminal what is being waited for, and for how long already; when it is over the line is gone. On standard
 * error, so that what is read by a program stays what it is.
 */
export async function saying<T>(what: string, work: Promise<T>, terminal: Terminal = process.stderr): Promise<T> {
  if (!terminal.isTTY) return work;
  const begun = performance.now();
  const say = (): void => {
    const seconds = Math.floor((performance.now() - begun) / second);
    terminal.write(`${startOfLine}${what} …${seconds > 0 ? ` ${seconds} s` : ''}`);
  };
  say();
  const timer = setInterval(say, second);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    terminal.write(startOfLine);
  }
}
