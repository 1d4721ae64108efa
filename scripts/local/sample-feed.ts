import { companies, duties, offices, roles } from './sample-vacancies.ts';

const firstDayJobs = 320;
const addedJobs = 24;

/**
 * A feed of job ads in the shape of real ones, the same bytes on every call. Day 3 has some ads more, some less and some
 * changed against day 1.
 */
export function sampleFeed(day: 1 | 3): Buffer {
  const ads: string[] = [];
  for (let number = 1; number <= firstDayJobs; number++) {
    const removed = day === 3 && number % 37 === 0;
    if (!removed) ads.push(jobAd(number, day === 3 && number % 11 === 0));
  }
  if (day === 3) for (let number = 1; number <= addedJobs; number++) ads.push(jobAd(firstDayJobs + number, false));
  return Buffer.from(`${feedHead(day)}${ads.join('')}${feedTail}`);
}

/** What stands before the ads. */
export const feedHead = (day: number): string => `<?xml version="1.0" encoding="UTF-8"?>
<!-- every <job> below is invented -->
<source>
  <publisher>Lighthouse Jobs &amp; Co</publisher>
  <publisherurl>https://jobs.example.com/?feed=all&amp;format=xml</publisherurl>
  <lastBuildDate>2026-03-0${day}T02:30:00Z</lastBuildDate>
`;

export const feedTail = '</source>\n';

/** One ad; its number decides everything in it. `revised` is how it looks after its publisher changed it. */
export function jobAd(number: number, revised: boolean): string {
  const choose = choices(number);
  const office = choose(offices);
  const role = choose(roles);
  const title = `${revised ? 'Urgent: ' : ''}${role.title} (m/w/d)`;
  return [
    number % 9 === 0 ? '  <!-- imported from the old system, was <job id="x"/> -->\n' : '',
    `  <job id="${number}"${number % 3 === 0 ? ` lang='${office.language}' priority="a &gt; b"` : ''}>\n`,
    `    <title>${cdata(title)}</title>\n`,
    `    <referencenumber>${cdata(`LH-${String(number).padStart(5, '0')}`)}</referencenumber>\n`,
    `    <url>https://jobs.example.com/view?id=${number}&amp;src=feed</url>\n`,
    `    <company>${number % 2 === 0 ? escaped(choose(companies)) : cdata(choose(companies))}</company>\n`,
    `    <location country="${office.country}">\n      <city>${office.city}</city>\n`,
    office.state === '' ? '      <state/>\n' : `      <state>${office.state}</state>\n`,
    '    </location>\n',
    number % 5 === 0
      ? '    <postalcode><![CDATA[]]></postalcode>\n'
      : `    <postalcode>${10_000 + number}</postalcode>\n`,
    `    <description>${description(number, role.skills, choose)}</description>\n`,
    salary(number, role.salary + (revised ? 4 : 0), office.currency),
    `    <category>${escaped(role.category)}</category>\n`,
    number % 4 === 0 ? `    <category>${cdata('Full time')}</category>\n` : '',
    ...role.skills.map((skill) => `    <skill>${escaped(skill)}</skill>\n`),
    number % 16 === 0
      ? `    <related><job ref="${number - 1}">See also</job><job ref="${number - 2}"/></related>\n`
      : '',
    number % 20 === 0 ? '    <?tracking pixel="1" ?>\n' : '',
    '  </job>\n',
  ].join('');
}

type Choose = <Item>(from: readonly Item[]) => Item;

function description(number: number, skills: readonly string[], choose: Choose): string {
  const items = skills.map((skill) => `  <li>${escaped(skill)}</li>\n`).join('');
  const html = `<p>${choose(duties)} ${choose(duties)}</p>\n<ul>\n${items}</ul>\n<p>${choose(duties)}&nbsp;<a href="https://jobs.example.com/?a=1&b=${number}">apply</a></p>\n`;
  // Publishers do all of these: entities for the whole text, a CDATA section that holds markup of a feed, and one split in two.
  if (number % 7 === 0) return escaped(html);
  if (number % 13 === 0) return cdata(`${html}<!-- </job> --><job>`);
  if (number % 17 === 0) return `${cdata(`${html}a]]`)}${cdata('>b')}`;
  return cdata(html);
}

const salary = (number: number, thousands: number, currency: string): string =>
  number % 6 === 0
    ? '    <salary></salary>\n'
    : `    <salary currency="${currency}" period="year">${thousands}000</salary>\n`;

const cdata = (text: string): string => `<![CDATA[${text}]]>`;

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** Draws from lists, the same for the same seed (mulberry32). */
function choices(seed: number): Choose {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return (from) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    const item = from[((mixed ^ (mixed >>> 14)) >>> 0) % from.length];
    if (item === undefined) throw new Error('there is nothing to choose from');
    return item;
  };
}
