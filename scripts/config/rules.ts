import type { Issue } from './issue.ts';
import { chainsEnd } from './rules/chains.ts';
import {
  fargateHasNoInstances,
  instanceRolesAreProfiles,
  instancesHaveTheirBounds,
  launchTemplatesAreNamedOnce,
  strategiesFitTheirType,
  updatePoliciesAreBatchs,
} from './rules/compute-environments.ts';
import {
  keysHaveSecrets,
  logOptionsAreOfTheDriver,
  mountsHaveTheirVolume,
  placeholdersHaveValues,
  rolesAreGivenOrDerived,
  secretsHaveTheirOwnVariable,
} from './rules/containers.ts';
import { definitionsFitTheirPlatform, jobsFitTheirQueue, sizesAreFargates } from './rules/fargate.ts';
import { feedSettingsAreTheWatchers } from './rules/feed-settings.ts';
import { givenNamesAreAwss } from './rules/given-names.ts';
import {
  definitionsAreSmallEnough,
  exitPatternsAreBatchs,
  exitRulesAreWhole,
  imagesExist,
  timeoutsAreLongEnough,
} from './rules/job-definitions.ts';
import {
  jobsFitTheirPlatform,
  queuesDoNotMix,
  sharesDecayInTime,
  sharesFitTheirQueue,
  sharesStayApart,
  timeLimitsAreBatchs,
} from './rules/job-queues.ts';
import {
  grantsFitTheirResource,
  queuesHaveTheirComputeEnvironments,
  queuesHaveTheirSchedulingPolicy,
  submissionsHaveTheirQueueAndDefinition,
} from './rules/links.ts';
import { overridesAreAwss } from './rules/overrides.ts';
import {
  commandsHoldNoEmptyText,
  definitionsHoldNoEmptyVariable,
  messagesHaveTheirOwnVariable,
  variableNamesAreValid,
  variablesKeepTheirText,
} from './rules/processes.ts';
import {
  bucketNamesAreS3s,
  expirationsAreWholeDays,
  expirationsSayWhen,
  namesStayApart,
  quotasHold,
} from './rules/resources.ts';
import type { Checked, Rule } from './rules/rule.ts';
import {
  schedulesDoOneThing,
  successesAreExpectable,
  successesStayApart,
  targetsAreEventBridges,
} from './rules/schedule-actions.ts';
import {
  eventPatternsFit,
  schedulesAreEventBridges,
  schedulesAreSchedulers,
  schedulesHaveOneTime,
} from './rules/schedules.ts';
import {
  inputsAreSmallEnough,
  inputsHoldNoAngles,
  jobNamesAreBatchs,
  jobNamesStayApart,
  overridesAreSmallEnough,
} from './rules/submissions.ts';
import { addressesAreOnce, attributesAreSettable, filtersHaveSubmissions } from './rules/topics.ts';
import { dotted, keyPlace, nodeAt, type Path, placeAt, type Tree } from './tree.ts';
import { subject } from './validate.ts';

/** Everything that AWS would refuse, or that would never work, and that can be seen without asking AWS. */
const rules: readonly Rule[] = [
  queuesHaveTheirComputeEnvironments,
  queuesHaveTheirSchedulingPolicy,
  submissionsHaveTheirQueueAndDefinition,
  grantsFitTheirResource,
  fargateHasNoInstances,
  strategiesFitTheirType,
  instancesHaveTheirBounds,
  launchTemplatesAreNamedOnce,
  instanceRolesAreProfiles,
  updatePoliciesAreBatchs,
  queuesDoNotMix,
  timeLimitsAreBatchs,
  sharesDecayInTime,
  sharesStayApart,
  sharesFitTheirQueue,
  sizesAreFargates,
  definitionsFitTheirPlatform,
  jobsFitTheirQueue,
  jobsFitTheirPlatform,
  imagesExist,
  timeoutsAreLongEnough,
  exitRulesAreWhole,
  exitPatternsAreBatchs,
  definitionsAreSmallEnough,
  placeholdersHaveValues,
  secretsHaveTheirOwnVariable,
  keysHaveSecrets,
  logOptionsAreOfTheDriver,
  mountsHaveTheirVolume,
  rolesAreGivenOrDerived,
  overridesAreAwss,
  variableNamesAreValid,
  variablesKeepTheirText,
  messagesHaveTheirOwnVariable,
  feedSettingsAreTheWatchers,
  commandsHoldNoEmptyText,
  definitionsHoldNoEmptyVariable,
  jobNamesAreBatchs,
  jobNamesStayApart,
  overridesAreSmallEnough,
  inputsAreSmallEnough,
  inputsHoldNoAngles,
  schedulesHaveOneTime,
  schedulesAreEventBridges,
  schedulesAreSchedulers,
  eventPatternsFit,
  schedulesDoOneThing,
  targetsAreEventBridges,
  successesAreExpectable,
  successesStayApart,
  filtersHaveSubmissions,
  attributesAreSettable,
  addressesAreOnce,
  chainsEnd,
  givenNamesAreAwss,
  namesStayApart,
  bucketNamesAreS3s,
  expirationsAreWholeDays,
  expirationsSayWhen,
  quotasHold,
];

function issueAt(tree: Tree, path: Path, message: string, about: 'value' | 'name'): Issue {
  const node = nodeAt(tree, path);
  if (about === 'name') {
    const name = JSON.stringify(String(path.at(-1)));
    return { place: keyPlace(tree, path) ?? placeAt(tree, path), path: dotted(path), message: `${name} ${message}` };
  }
  const value = node?.type === 'leaf' ? `${subject(node)} ` : '';
  return { place: placeAt(tree, path), path: dotted(path), message: `${value}${message}` };
}

/** Runs every rule; each issue stands where the field was written. */
export function checkRules(checked: Checked): readonly Issue[] {
  const issues: Issue[] = [];
  for (const rule of rules) {
    rule(checked, (path, message, about = 'value') => {
      issues.push(issueAt(checked.tree, path, message, about));
    });
  }
  return issues;
}
