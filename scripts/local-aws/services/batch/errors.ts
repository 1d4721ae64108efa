import { AwsError } from '../../wire/errors.ts';

/** Batch answers nearly everything it refuses with this one code. */
export const clientException = (message: string): AwsError => new AwsError('ClientException', message);

/** The form in which Batch words a request that its own rules refuse. */
export const refused = (message: string): AwsError =>
  clientException(`Error executing request, Exception : ${message}`);
