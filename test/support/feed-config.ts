/**
 * A config of the feed's pipeline and nothing else. What stands in `config/` is the team's: it gets jobs, schedules and
 * topics of its own, and no test of ours may fail for that.
 */
export const feedConfig = 'test/feed-config';

/** Its bucket, where it is applied as `local`. */
export const feedBucket = 'local-feeds-000000000000-eu-central-1';
