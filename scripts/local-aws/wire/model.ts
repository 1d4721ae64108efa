/** What the server knows of a service, all of it read from the SDK's own client package. */
import type { Readable } from 'node:stream';
import type { Principal } from '../world.ts';
import type { Limits } from './limits.ts';
import type { WireRequest } from './request.ts';
import type { StructShape } from './shape.ts';

export type ProtocolName = 'restJson1' | 'restXml' | 'awsJson1_0' | 'awsJson1_1' | 'awsQuery' | 'ec2Query';

/** Handed to every handler beside its input. */
export interface Context {
  readonly requestId: string;
  readonly region: string;
  readonly principal: Principal;
  /** Absent on anonymous requests. */
  readonly accessKeyId?: string;
  /** Headers behind an aws-chunked body; there once a streaming body was read to its end. */
  readonly trailers: ReadonlyMap<string, string>;
}

export type Body = Uint8Array | string | Readable;

/** How a REST operation is found by method, path and query. */
export interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly labels: readonly string[];
  /** Parameters the query must hold; an empty value stands for any. */
  readonly query: readonly (readonly [string, string])[];
  /** Required query and header members: all that tells UploadPart from PutObject. */
  readonly required: readonly { readonly place: 'query' | 'header'; readonly name: string }[];
  /** The SDK's hint `x-id=PutObject`. */
  readonly hint: string | undefined;
  readonly inBucket: boolean;
}

export interface Operation {
  readonly name: string;
  readonly input: StructShape;
  readonly output: StructShape;
  readonly status: number;
  readonly route: Route | undefined;
  readonly handler: ((input: unknown, context: Context) => unknown) | undefined;
}

export interface Service {
  /** As in the credential scope: `events`, `tagging`. */
  readonly signingName: string;
  readonly protocol: ProtocolName;
  /** Prefix of X-Amz-Target. */
  readonly target: string;
  /** `Version` of the query protocols. */
  readonly version: string;
  readonly xmlNamespace: string;
  readonly limits: Limits | undefined;
  readonly operations: ReadonlyMap<string, Operation>;
  /** Modelled errors, by name and by code on the wire. */
  readonly errors: ReadonlyMap<string, StructShape>;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Body;
}

/** An error on its way to the wire. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly fault: 'client' | 'server';
  readonly shape: StructShape | undefined;
  /** The members of the error but its message: modelled ones and any others. */
  readonly fields: Readonly<Record<string, string | number>>;
}

export interface Protocol {
  read(operation: Operation, request: WireRequest, labels: ReadonlyMap<string, string>): Promise<unknown>;
  write(
    service: Service,
    operation: Operation,
    output: Readonly<Record<string, unknown>>,
    requestId: string,
  ): WireResponse;
  fail(service: Service, failure: Failure, requestId: string): WireResponse;
}
