/**
 * Models of services whose SDK client is no dependency of this repository, written by hand in the encoding that
 * schema.ts reads.
 */

/** What a member may be: https://github.com/smithy-lang/smithy-typescript `schema/sentinels.d.ts`. */
export const kinds = {
  text: 0b0000_0000,
  number: 0b0000_0001,
  flag: 0b0000_0010,
  time: 0b0000_0100,
  bytes: 0b0001_0101,
  texts: 0b0100_0000,
  textsByName: 0b1100_0000,
  /** Any JSON, for lists of structures that are refused. */
  anything: 0b0000_1111,
} as const;

type Kind = (typeof kinds)[keyof typeof kinds];
type Structure = readonly unknown[];
type Members = Readonly<Record<string, Kind | Structure>>;

/** What must not appear in a message. */
export const sensitive = (kind: Kind): Structure => [kind, { sensitive: 1 }];

/** A structure's members, the required ones first. A request that has one of `notEmulated` is answered with a 501. */
export const structure = (
  name: string,
  required: Members,
  optional: Members = {},
  notEmulated: Members = {},
): Structure => {
  const refused = Object.entries(notEmulated).map(([member, kind]) => [member, [kind, { notEmulated: 1 }]]);
  const members = { ...required, ...optional, ...Object.fromEntries(refused) };
  return [3, 'written', name, 0, Object.keys(members), Object.values(members), Object.keys(required).length];
};

export const listOf = (name: string, item: Structure): Structure => [1, 'written', name, 0, item];

export const operation = (name: string, input: Structure, output: Structure): Structure => [
  9,
  'written',
  name,
  0,
  input,
  output,
];

/** What `Handlers` reads of a command in an SDK's module. */
export type Written<Input, Output> = abstract new () => {
  readonly input: Input;
  resolveMiddleware(): () => Promise<{ readonly output: Output }>;
};

/** What `defineService` reads of a client: that it speaks awsJson1_1, and how its requests name their operations. */
export const jsonClient = (defaultSigningName: string, serviceTarget: string) =>
  class {
    readonly config = {
      defaultSigningName,
      protocol: { getShapeId: () => 'aws.protocols#awsJson1_1' },
      protocolSettings: { serviceTarget },
    };
  };
