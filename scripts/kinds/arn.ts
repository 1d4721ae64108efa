/** What follows the account in an ARN: `function:NAME`, `rule/NAME`, or a bare name. */
const resourceOf = (arn: string): string => arn.split(':').slice(5).join(':');

/** The name at an ARN's end: `main` of `arn:aws:batch:eu-central-1:111122223333:job-queue/main`. */
export const nameInArn = (arn: string): string => resourceOf(arn).replace(/^[a-z-]+[:/]/, '');
