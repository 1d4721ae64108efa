import { awsJson } from './aws-json.ts';
import type { Protocol, ProtocolName } from './model.ts';
import { awsQuery, ec2Query } from './query.ts';
import { restJson1, restXml } from './rest.ts';

export const protocols: Readonly<Record<ProtocolName, Protocol>> = {
  restJson1,
  restXml,
  awsJson1_0: awsJson('1.0'),
  awsJson1_1: awsJson('1.1'),
  awsQuery,
  ec2Query,
};

export const isProtocolName = (name: string | undefined): name is ProtocolName =>
  name !== undefined && Object.hasOwn(protocols, name);
