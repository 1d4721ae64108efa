/** Why a part of the system cannot start on this machine: told to whoever started it, without a stack. */
export class StartError extends Error {
  override name = 'StartError';
}

/** For a `catch`: makes what the operating system refused a StartError; any other error stays as it is. */
export const cannotStart =
  (part: string) =>
  (error: unknown): never => {
    if (!isSystemError(error)) throw error;
    throw new StartError(`starting ${part}: ${reasonOf(error)}`, { cause: error });
  };

interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
}

/** https://nodejs.org/api/errors.html#class-systemerror */
const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error;

const reasonOf = ({ code, message }: SystemError): string =>
  code === 'EADDRINUSE'
    ? `${message}; another "npm run local" may be running; --port 0 takes free ports for everything`
    : message;
