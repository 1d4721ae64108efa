import { randomUUID } from 'node:crypto';
import type { Credentials, World } from '../world.ts';

const prefix = '/_local/credentials/';

/** What `AWS_CONTAINER_CREDENTIALS_FULL_URI` points a container at, for as long as it runs. */
export interface GrantedCredentials {
  readonly url: string;
  revoke(): void;
}

export interface ContainerCredentials {
  /** Throws what identity throws when the role does not exist or does not trust ECS tasks. */
  grant(roleArn: string, session: string): GrantedCredentials;
}

/**
 * Serves the credentials of containers' roles the way ECS's agent does
 * (docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html): one secret URL a container, fresh ones at each call.
 */
export function serveContainerCredentials(world: World): ContainerCredentials {
  const granted = new Map<string, () => Credentials & { readonly roleArn: string }>();
  world.routes.set(prefix, (request, response) => {
    const credentials = granted.get(request.url?.slice(prefix.length) ?? '')?.();
    response.writeHead(credentials === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(
        credentials === undefined
          ? { code: 'NotFound', message: 'no running container has these credentials' }
          : {
              RoleArn: credentials.roleArn,
              AccessKeyId: credentials.accessKeyId,
              SecretAccessKey: credentials.secretAccessKey,
              Token: credentials.sessionToken,
              // The container lives by the wall's clock, on which a driven one may be ahead or behind.
              Expiration: new Date(Date.now() + credentials.expiration.getTime() - world.clock.now()).toISOString(),
            },
      ),
    );
  });
  return {
    grant(roleArn, session) {
      const issue = () => ({
        ...world.ports.identity.credentialsFor(roleArn, session, 'ecs-tasks.amazonaws.com'),
        roleArn,
      });
      issue();
      const token = randomUUID();
      granted.set(token, issue);
      return { url: `${world.endpoint()}${prefix}${token}`, revoke: () => granted.delete(token) };
    },
  };
}
