/** What a model says of a value. Shapes are recursive; they are read from the SDK's schemas in schema.ts. */
import type { Traits } from './traits.ts';

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

export interface Common {
  /** The shape's name in the model; scalars mostly have none there and go by their member's. */
  readonly name: string;
  readonly memberName: string;
  readonly required: boolean;
  /** The shape's own traits, overlaid by those of the member that refers to it. */
  readonly traits: Traits;
  /** Traits of the member alone: a structure's own xmlName names it as a root, never as a member. */
  readonly memberTraits: Traits;
}
export interface ScalarShape extends Common {
  readonly kind: 'string' | 'number' | 'boolean' | 'document';
}
export interface BlobShape extends Common {
  readonly kind: 'blob';
  readonly streaming: boolean;
}
export interface TimestampShape extends Common {
  readonly kind: 'timestamp';
  /** `undefined`: whatever the protocol's default is at that place. */
  readonly format: TimestampFormat | undefined;
}
export interface ListShape extends Common {
  readonly kind: 'list';
  readonly item: Shape;
}
export interface MapShape extends Common {
  readonly kind: 'map';
  readonly key: Shape;
  readonly value: Shape;
}
export interface StructShape extends Common {
  readonly kind: 'struct';
  readonly members: ReadonlyMap<string, Shape>;
  /** Smithy's Unit: an operation without input or output. */
  readonly unit: boolean;
  /** Holds exactly one of its members. */
  readonly union: boolean;
}
export type Shape = ScalarShape | BlobShape | TimestampShape | ListShape | MapShape | StructShape;
