import { AwsError } from './errors.ts';
import type { Operation, Service } from './model.ts';
import type { WireRequest } from './request.ts';
import { matchRoute } from './route.ts';

/** Services by signing name, each made on its first request: loading an SDK client takes 10 to 100 ms. */
export type Services = Readonly<Record<string, () => Service | Promise<Service>>>;

/** Loads each service once, however many requests wait for it; a load that failed is tried again by the next. */
export class ServiceLoader {
  readonly #services: Services;
  readonly #loaded = new Map<string, Promise<Service>>();

  constructor(services: Services) {
    this.#services = services;
  }

  load(name: string): Promise<Service> | undefined {
    const make = Object.hasOwn(this.#services, name) ? this.#services[name] : undefined;
    if (make === undefined) return undefined;
    const loaded = this.#loaded.get(name) ?? Promise.resolve().then(make);
    this.#loaded.set(name, loaded);
    loaded.catch(() => this.#loaded.delete(name));
    return loaded;
  }

  all(): Promise<readonly Service[]> {
    return Promise.all(Object.keys(this.#services).flatMap((name) => this.load(name) ?? []));
  }
}

/** Signed requests name their service. Anonymous ones (web identities, public objects) are recognised by their shape. */
export async function findService(loader: ServiceLoader, request: WireRequest): Promise<Service> {
  const signedFor = request.credential?.service;
  const service = await (signedFor === undefined ? findUnsigned(await loader.all(), request) : loader.load(signedFor));
  if (service !== undefined) return service;
  const what = signedFor === undefined ? 'service' : `service "${signedFor}"`;
  throw new AwsError('NotImplemented', `the embedded AWS has no ${what} for ${request.method} ${request.path}`, 501);
}

async function findUnsigned(services: readonly Service[], request: WireRequest): Promise<Service | undefined> {
  const target = request.headers.get('x-amz-target')?.split('.')[0];
  if (target !== undefined) return services.find((service) => service.target === target);
  if (request.headers.get('content-type')?.includes('x-www-form-urlencoded')) {
    const form = await request.form();
    return services.find(
      ({ version, operations }) => version === form.get('Version') && operations.has(form.get('Action') ?? ''),
    );
  }
  const ofProtocol = (protocol: string): readonly Service[] =>
    services.filter((service) => service.protocol === protocol);
  return ofProtocol('restJson1').find((service) => matchRoute(service, request)) ?? ofProtocol('restXml')[0];
}

export interface Call {
  /** `SubmitJob`, also when no such operation exists. */
  readonly name: string;
  readonly operation: Operation | undefined;
  readonly labels: ReadonlyMap<string, string>;
}

/** Finds what a request asks of its service: by target, by action, or by method and path. */
export async function findCall(service: Service, request: WireRequest): Promise<Call> {
  switch (service.protocol) {
    case 'awsJson1_0':
    case 'awsJson1_1':
      return named(service, request.headers.get('x-amz-target')?.split('.')[1]);
    case 'awsQuery':
    case 'ec2Query':
      return named(service, (await request.form()).get('Action') ?? undefined);
    case 'restJson1':
    case 'restXml': {
      const match = matchRoute(service, request);
      if (match !== undefined) return { name: match.operation.name, ...match };
      return { name: `${request.method} ${request.path}`, operation: undefined, labels: new Map() };
    }
    default:
      return service.protocol satisfies never;
  }
}

const named = (service: Service, name = 'an operation without a name'): Call => ({
  name,
  operation: service.operations.get(name),
  labels: new Map(),
});
