import { AwsError } from '../../wire/errors.ts';

const deepest = 15;
/** In characters, of the ARN. */
const longest = 1_011;

const reserved = 'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).';
const characters =
  'If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of ' +
  'letters, numbers and the following 3 symbols .-_';

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

/**
 * Throws AwsError for a name that no parameter can have.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
 */
export function checkName(name: string, arn: string): void {
  const path = name.replace(/^\//, '');
  const levels = path.split('/');
  if (levels.length > 1 && path === name) throw invalid('Parameter name must be a fully qualified name.');
  if (/^aws/i.test(path) && levels.length > 1)
    throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${path}.`);
  if (/^(?:aws|ssm)/i.test(path)) throw invalid(reserved);
  if (name.endsWith('/')) throw invalid('Parameter name must not end with slash.');
  if (levels.some((level) => !/^[\w.-]+$/.test(level))) throw invalid(`${reserved} ${characters}`);
  if (levels.length > deepest)
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      `A hierarchy can have a maximum of ${deepest} levels, and ${name} has ${levels.length}.`,
    );
  if (arn.length > longest)
    throw invalid(`The ARN of a parameter can have ${longest} characters, and ${arn} has ${arn.length}.`);
}
