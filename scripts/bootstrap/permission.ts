/**
 * What an action is allowed on.
 *
 * - `anywhere`: actions that AWS does not limit to resources, most of them listings
 * - `named`: what has a name of ours
 * - `made`: the same, where the request puts our owner tag on it, and where nobody else's is on it already
 * - `ours`: the same, where it carries our owner tag
 * - `born bounded`: a role of ours that is made within the boundary
 * - `bounded`: a role of ours that is within the boundary, or is put there
 * - `given`: the same, and the policy is the one of AWS that instances have
 * - `passed`: a role of ours, to the services that ours are for, and one that config names, to those that it may be for
 * - `linked`: the role that Batch has in every account
 * - `jobs`: any job: its ARN holds nothing but an id
 * - `logs`: the log groups that our jobs write to
 * - `state bucket`, `state`, `lease`: baton's own bucket, the objects in it, and the lease among those
 */
export type Reach =
  | 'anywhere'
  | 'named'
  | 'made'
  | 'ours'
  | 'born bounded'
  | 'bounded'
  | 'given'
  | 'passed'
  | 'linked'
  | 'jobs'
  | 'logs'
  | 'state bucket'
  | 'state'
  | 'lease';

/** An action of IAM's, and what it takes it on. */
export interface Permission {
  /** `s3:GetObject` */
  readonly action: string;
  readonly reach: Reach;
}
