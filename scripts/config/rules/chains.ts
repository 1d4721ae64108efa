import type { Config } from '../schema.ts';
import type { Rule } from './rule.ts';

/** The topics that jobs of a definition may publish to. */
const publishes = (config: Config, definition: string): string[] =>
  (config.jobDefinitions[definition]?.grants ?? []).flatMap((grant) =>
    'publish' in grant && grant.publish.startsWith('topic.') ? [grant.publish.slice('topic.'.length)] : [],
  );

const startedBy = (config: Config, topic: string): string | undefined => config.topics[topic]?.submit?.jobDefinition;

/**
 * Follows job definition → topic → job definition as far as config shows it: a circle starts jobs for ever, at the
 * owner's expense. Each circle is reported once, at the submission that closes it.
 */
export const chainsEnd: Rule = ({ config }, report) => {
  const finished = new Set<string>();
  const follow = (definition: string, trail: readonly string[]): void => {
    for (const topic of publishes(config, definition)) {
      const next = startedBy(config, topic);
      if (next === undefined || finished.has(next)) continue;
      const here = [...trail, definition, `topic ${topic}`];
      if (here.includes(next)) {
        const circle = [...here.slice(here.indexOf(next)), next].join(' → ');
        report(
          ['topics', topic, 'submit', 'jobDefinition'],
          `closes a circle of jobs that start each other: ${circle}`,
        );
      } else follow(next, here);
    }
    finished.add(definition);
  };
  for (const definition of Object.keys(config.jobDefinitions)) {
    if (!finished.has(definition)) follow(definition, []);
  }
};
