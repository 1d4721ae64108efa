import type { FieldRules } from '../../messages/field-rules.ts';

export type FieldRule = FieldRules[string];

const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const isoDate =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ]([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC|[+-]\d\d(?::?\d\d)?))?)?$/;
/** https://www.rfc-editor.org/rfc/rfc5322#section-3.3, the zone's obsolete names included. */
const mailDate =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) (?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?: (?:[+-]\d{4}|[A-Z]{1,5}))?$/;
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Whether a text, without blanks around it, is of the type of its field. */
export function isOfType(text: string, { type = 'text', values = [] }: FieldRule): boolean {
  switch (type) {
    case 'text':
      return true;
    case 'number':
      return number.test(text);
    case 'date':
      return isDate(text);
    case 'url':
      return isWebAddress(text);
    case 'enum':
      return values.includes(text);
    default:
      return type satisfies never;
  }
}

/** A day of the calendar, with or without a time, as ISO 8601 or mail headers write it. */
function isDate(text: string): boolean {
  const [, year, month, day] = isoDate.exec(text) ?? [];
  if (year !== undefined) return isDay(Number(year), Number(month), Number(day));
  const [, dayOfMail, monthOfMail = '', yearOfMail] = mailDate.exec(text) ?? [];
  return dayOfMail !== undefined && isDay(Number(yearOfMail), monthNames.indexOf(monthOfMail) + 1, Number(dayOfMail));
}

function isDay(year: number, month: number, day: number): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return month >= 1 && month <= 12 && day >= 1 && day <= days;
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/]\S*$/i.test(text) && URL.canParse(text);
}
