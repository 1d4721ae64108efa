/** awsQuery and ec2Query: the operation in `Action`, forms as requests, XML as answers. */
import { errorXml } from './error-members.ts';
import { fromForm, parseForm } from './form.ts';
import type { Failure, Protocol } from './model.ts';
import { element, membersToXml, textElement, xmlns } from './xml-write.ts';

const headers: ReadonlyMap<string, string> = new Map([['content-type', 'text/xml']]);

const codeOf = (failure: Failure): string => failure.shape?.traits.awsQueryError?.code ?? failure.code;

export const awsQuery: Protocol = {
  read: async (operation, request) => fromForm(operation.input, parseForm(await request.form()), false),
  write(service, operation, output, requestId) {
    const result = operation.output.unit
      ? ''
      : element(`${operation.name}Result`, membersToXml(operation.output, output));
    const metadata = element('ResponseMetadata', textElement('RequestId', requestId));
    const body = element(`${operation.name}Response`, result + metadata, xmlns(service.xmlNamespace));
    return { status: 200, headers, body };
  },
  fail(service, failure, requestId) {
    const error = element(
      'Error',
      textElement('Type', failure.fault === 'server' ? 'Receiver' : 'Sender') +
        textElement('Code', codeOf(failure)) +
        textElement('Message', failure.message) +
        errorXml(failure),
    );
    const body = element('ErrorResponse', error + textElement('RequestId', requestId), xmlns(service.xmlNamespace));
    return { status: failure.status, headers, body };
  },
};

export const ec2Query: Protocol = {
  read: async (operation, request) => fromForm(operation.input, parseForm(await request.form()), true),
  write(service, operation, output, requestId) {
    const members = textElement('requestId', requestId) + membersToXml(operation.output, output);
    return { status: 200, headers, body: element(`${operation.name}Response`, members, xmlns(service.xmlNamespace)) };
  },
  fail(_service, failure, requestId) {
    const error = element('Error', textElement('Code', codeOf(failure)) + textElement('Message', failure.message));
    const body = element('Response', element('Errors', error) + textElement('RequestID', requestId));
    return { status: failure.status, headers, body };
  },
};
