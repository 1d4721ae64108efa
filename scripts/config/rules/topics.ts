import type { Path } from '../tree.ts';
import type { Report, Rule } from './rule.ts';

export const filtersHaveSubmissions: Rule = ({ config }, report) => {
  for (const [name, { submit, filter, filterScope }] of Object.entries(config.topics)) {
    if (filter !== undefined && submit === undefined) {
      report(['topics', name, 'filter'], 'needs submit: it says which messages start a job');
    }
    if (filterScope !== undefined && filter === undefined) {
      report(['topics', name, 'filterScope'], 'needs filter: alone it says nothing');
    }
  }
};

/** They have fields of their own, or are what SNS tells and nobody sets. */
const elsewhere: Readonly<Record<string, string>> = {
  KmsMasterKeyId: 'kmsKey',
  FifoTopic: 'nothing: Lambda does not listen to FIFO topics',
};

export const attributesAreSettable: Rule = ({ config }, report) => {
  for (const [name, { override = {}, kmsKey }] of Object.entries(config.topics)) {
    for (const attribute of Object.keys(override)) {
      const instead = elsewhere[attribute];
      const path = ['topics', name, 'override', attribute];
      if (attribute === 'KmsMasterKeyId' && kmsKey === undefined) continue;
      if (instead !== undefined) report(path, `is not set here but by ${instead}`, 'name');
    }
  }
};

function checkOnce(emails: readonly string[], path: Path, report: Report): void {
  for (const [index, email] of emails.entries()) {
    if (emails.indexOf(email) < index) report([...path, index], 'is in this list already');
  }
}

export const addressesAreOnce: Rule = ({ config }, report) => {
  checkOnce(config.alerts.emails, ['alerts', 'emails'], report);
  for (const [name, { emails = [] }] of Object.entries(config.topics)) {
    checkOnce(emails, ['topics', name, 'emails'], report);
  }
};
