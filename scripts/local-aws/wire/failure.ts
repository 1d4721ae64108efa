import { inspect } from 'node:util';
import { AwsError } from './errors.ts';
import type { Failure, Service, WireResponse } from './model.ts';
import type { WireRequest } from './request.ts';
import { element, textElement } from './xml-write.ts';

/** A mistake of the embedded AWS itself, told once and with its stack to whoever runs it. */
export function reportMistake(doing: string, error: unknown): void {
  process.stderr.write(`${doing}: ${inspect(error)}\n`);
}

const internal = {
  code: 'InternalFailure',
  message: 'The request processing has failed because of an unknown error, exception or failure.',
  status: 500,
} as const;

/**
 * What to answer for an error that reading, validating or a handler threw. Anything but an AwsError is a mistake of ours:
 * it is reported, and the caller gets InternalFailure.
 */
export function failureOf(service: Service, operation: string, error: unknown): Failure {
  if (!(error instanceof AwsError)) {
    reportMistake(`answering ${service.signingName}:${operation}`, error);
    return { ...internal, fault: 'server', shape: undefined, fields: {} };
  }
  const { code, message, fields } = error;
  const shape = service.errors.get(code);
  if (shape === undefined)
    return { code, message, fields, shape, status: error.status, fault: error.status >= 500 ? 'server' : 'client' };
  const { awsQueryError, httpError, fault } = shape.traits;
  const unmodelled = fault === 'server' ? Math.max(error.status, 500) : error.status;
  return { code: shape.name, message, fields, shape, status: awsQueryError?.status ?? httpError ?? unmodelled, fault };
}

/** The services that answer in XML although their requests are no forms. */
const restXmlServices = /^(?:s3|cloudfront|route53)/;

/** The answer while the service, and so its protocol, is not known: as much like the caller's protocol as can be told. */
export function refusal(request: WireRequest, error: unknown): WireResponse {
  if (!(error instanceof AwsError)) reportMistake(`finding the service of ${request.method} ${request.path}`, error);
  const { code, message, status } = error instanceof AwsError ? error : internal;
  const headers = new Map([['x-amzn-errortype', code]]);
  const xml = element('Error', textElement('Code', code) + textElement('Message', message));
  if (restXmlServices.test(request.credential?.service ?? ''))
    return { status, headers: headers.set('content-type', 'application/xml'), body: xml };
  if (request.headers.get('content-type')?.includes('x-www-form-urlencoded'))
    return { status, headers: headers.set('content-type', 'text/xml'), body: element('ErrorResponse', xml) };
  const body = JSON.stringify({ __type: code, message });
  return { status, headers: headers.set('content-type', 'application/json'), body };
}
