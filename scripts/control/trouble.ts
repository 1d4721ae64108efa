import { isBug, PlanError, reasonOf } from '../reconcile/errors.ts';
import type { ResourceSet } from '../reconcile/resource-set.ts';

/** Where something was asked of whom. */
export interface Where {
  readonly account: string;
  readonly region: string;
  /** Of the embedded AWS. */
  readonly endpoint?: string | undefined;
}

type Sentence = (reason: string, where: Where) => string;

const credentialsOf = ({ account }: Where): string =>
  `credentials of account ${account}, such as a profile in AWS_PROFILE`;

const noCredentials: Sentence = (reason, where) => `there are no credentials: ${reason}; give ${credentialsOf(where)}`;
// Each service says so in its own words, and nothing more.
const expired: Sentence = () => 'the credentials have expired; sign in again';
const unknown: Sentence = (reason, where) =>
  `AWS does not know the credentials (${reason}); give ${credentialsOf(where)}, and see that region ${where.region} is enabled there`;
const unsigned: Sentence = (reason) =>
  `AWS does not accept the signature (${reason}); either the secret key does not belong to the access key, or the clock of this machine is wrong`;
const skewed: Sentence = (reason) => `the clock of this machine is wrong (${reason}); set it`;
const disabled: Sentence = (reason, { account, region }) =>
  `region ${region} is not enabled in account ${account} (${reason}); enable it, or choose another region`;
const forbidden: Sentence = (reason) =>
  `the credentials do not allow it (${reason}); give their role that permission; of a role that bootstrap made, with npm run bootstrap`;

/** Services name the same refusal each in their own way. */
const sentences: Readonly<Record<string, Sentence>> = {
  CredentialsProviderError: noCredentials,
  TokenProviderError: noCredentials,
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  UnrecognizedClientException: unknown,
  InvalidClientTokenId: unknown,
  InvalidAccessKeyId: unknown,
  InvalidToken: unknown,
  AuthFailure: unknown,
  SignatureDoesNotMatch: unsigned,
  InvalidSignatureException: unsigned,
  IncompleteSignature: unsigned,
  RequestTimeTooSkewed: skewed,
  RequestExpired: skewed,
  RequestInTheFuture: skewed,
  OptInRequired: disabled,
  AccessDenied: forbidden,
  AccessDeniedException: forbidden,
  AuthorizationError: forbidden,
  AuthorizationErrorException: forbidden,
  UnauthorizedOperation: forbidden,
};

const networkCodes: ReadonlySet<string> = new Set([
  ...['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE'],
]);

/** A connection that failed has a code; of an address with several numbers, each try has one. */
const isOfNetwork = (error: Error): boolean =>
  error.name === 'TimeoutError' ||
  ('code' in error && typeof error.code === 'string' && networkCodes.has(error.code)) ||
  (error instanceof AggregateError && error.errors.some((each) => each instanceof Error && isOfNetwork(each)));

const unreachable: Sentence = (reason, { endpoint, region }) =>
  endpoint === undefined
    ? `AWS cannot be reached (${reason}); see to the network, and that there is a region ${region}`
    : `the embedded AWS at ${endpoint} cannot be reached (${reason}); start it with "npm run local"`;

/** What is wrong, in one sentence with the next step, where the request itself is not what is wrong. */
function troubleOf(error: unknown, where: Where): string {
  if (!(error instanceof Error)) return reasonOf(error);
  if (isOfNetwork(error)) return unreachable(reasonOf(error), where);
  const name = Object.hasOwn(sentences, error.name) ? error.name : undefined;
  return name === undefined ? reasonOf(error) : (sentences[name]?.(reasonOf(error), where) ?? reasonOf(error));
}

/** The answer, or an error whose message is {@link troubleOf}'s. Mistakes of our own, and a stop, are passed on. */
export async function explained<T>(request: Promise<T>, where: Where): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (isBug(error) || !(error instanceof Error)) throw error;
    const trouble = troubleOf(error, where);
    throw trouble === reasonOf(error) ? error : new Error(trouble, { cause: error });
  }
}

/** A kind that says in one sentence why it cannot be read. */
export const explainedSet = (set: ResourceSet, where: Where): ResourceSet => ({
  ...set,
  observe: (others) => explained(set.observe(others), where),
});

/** Sources that do not build are the operator's: what is wrong with them is said without our stack. Throws PlanError. */
export async function buildable<T>(building: Promise<T>): Promise<T> {
  try {
    return await building;
  } catch (error) {
    if (isBug(error)) throw error;
    throw new PlanError([reasonOf(error)], { cause: error });
  }
}
