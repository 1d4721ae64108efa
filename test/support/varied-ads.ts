const words =
  'the our you will be responsible for and with a of team customer experience develop maintain support manage work project quality service business solutions environment skills strong excellent communication knowledge years degree required preferred ability to in on at from this position is looking opportunity candidate sales engineer nurse driver warehouse assistant manager senior junior software hardware product data cloud platform delivery logistics healthcare patient care safety compliance training benefits insurance paid time off flexible schedule remote hybrid onsite weekly monthly annual salary bonus equity diversity inclusion equal employer applicants without regard race color religion sex national origin'.split(
    ' ',
  );
const foreign = [
  'Größe',
  'München',
  'façade',
  '日本語',
  '東京都',
  'naïve',
  '—',
  '•',
  '€',
  '“quoted”',
  '🚀',
  'Łódź',
  'Кирилл',
];
const cities = [
  'New York',
  'London',
  'München',
  'Zürich',
  'São Paulo',
  '東京',
  'Paris',
  'Łódź',
  'Austin',
  'Köln',
  'Malmö',
];
const categories = ['IT &amp; Software', 'Healthcare', 'Sales/Retail', 'Catering &#38; Hotel', 'Büro &#xA9;'];

/** So many descriptions are written, and each ad takes one of them: writing is not what is measured. */
const descriptions = 3_000;

const cdata = (text: string): string => `<![CDATA[${text}]]>`;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Job ads in the shapes that feeds have them in, and with what makes them hard to cut: one after the other, the same each time. */
export class VariedAds {
  count = 0;
  #state = 12_345;
  readonly #descriptions: readonly string[];

  constructor() {
    this.#descriptions = Array.from({ length: descriptions }, () => this.#html());
  }

  next(): string {
    this.count++;
    const number = this.count;
    return [
      `  <job${this.#chance(0.5) ? ` id="${number}" lang='${this.#pick(['en', 'de', 'fr'])}'` : ''}>\n`,
      `    <title>${cdata(`${this.#pick(words)} ${this.#pick(words)} ${this.#pick(foreign)} (m/f/d)`)}</title>\n`,
      `    <date>${cdata(`${1 + this.#upTo(27)} Nov 2024 ${10 + this.#upTo(12)}:${10 + this.#upTo(49)}:00 GMT`)}</date>\n`,
      `    <referencenumber>${cdata(`REF-${number}-${this.#upTo(9_999)}`)}</referencenumber>\n`,
      this.#url(number),
      `    <company>${this.#chance(0.7) ? cdata(`${this.#pick(words)} & Söhne`) : `${this.#pick(words)} &amp; Co`}</company>\n`,
      `    <city>${cdata(this.#pick(cities))}</city>\n`,
      this.#pick(['    <state>NY</state>\n', '    <state/>\n', '    <state></state>\n']),
      `    <country>${this.#pick(['US', 'GB', 'DE', 'CH', 'BR', 'JP'])}</country>\n`,
      this.#chance(0.9)
        ? `    <postalcode>${cdata(String(this.#upTo(99_999)))}</postalcode>\n`
        : '    <postalcode />\n',
      this.#chance(0.02) ? '    <!-- imported <job> by "legacy" feed </job> -->\n' : '',
      `    <description>${this.#description()}</description>\n`,
      `    <salary currency="${this.#pick(['EUR', 'USD'])}" note="a &gt; b">${20 + this.#upTo(130)}000</salary>\n`,
      `    <category>${this.#pick(categories)}</category>\n`,
      this.#chance(0.2) ? `    <category>${cdata(this.#pick(words))}</category>\n` : '',
      this.#chance(0.005)
        ? `    <related><job ref="${number}">${this.#pick(words)}</job><job ref="x"/></related>\n`
        : '',
      this.#chance(0.005) ? '    <?feed-pi keep </job> ?>\n' : '',
      '  </job>\n',
    ].join('');
  }

  #url(number: number): string {
    const separator = this.#chance(0.5) ? '&' : '&amp;';
    const url = `https://jobs.example.com/view?id=${number}${separator}src=feed${separator}utm=${this.#upTo(9_999)}`;
    return `    <url>${separator === '&' ? cdata(url) : url}</url>\n`;
  }

  #description(): string {
    const html = this.#pick(this.#descriptions);
    if (this.#chance(0.13)) return escaped(html);
    if (this.#chance(0.02)) return cdata(`${html.slice(0, 400)}</job>\n<job> is in the text ${html.slice(400)}`);
    // How "]]>" is written in a section.
    if (this.#chance(0.01)) return `${cdata(`${html.slice(0, 300)}]]`)}${cdata(`>${html.slice(300)}`)}`;
    return cdata(html);
  }

  #html(): string {
    const parts: string[] = [];
    for (let length = 0, wanted = 1_000 + this.#upTo(1_000); length < wanted; ) {
      const part = this.#htmlPart();
      length += part.length;
      parts.push(part);
    }
    return parts.join('');
  }

  #htmlPart(): string {
    if (this.#chance(0.55)) return `<p>${this.#sentence()} ${this.#sentence()}</p>\n`;
    if (this.#chance(0.5)) return `<ul>\n${`  <li>${this.#sentence()}</li>\n`.repeat(1 + this.#upTo(3))}</ul>\n`;
    if (this.#chance(0.4)) return `<h3 class="hd">${this.#pick(words)} &amp; ${this.#pick(words)}</h3><br/>`;
    return `<div style="margin:0"><b>${this.#sentence()}</b>&nbsp;<a href="https://example.com/?a=1&b=${this.#upTo(99_999)}">apply</a></div>\n`;
  }

  #sentence(): string {
    const length = 8 + this.#upTo(14);
    const chosen = Array.from({ length }, () => this.#pick(this.#chance(0.012) ? foreign : words));
    return `${chosen.join(' ')}.`;
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.#random() * items.length)];
    if (item === undefined) throw new Error('one of no items was asked for');
    return item;
  }

  #upTo(most: number): number {
    return Math.floor(this.#random() * (most + 1));
  }

  #chance(part: number): boolean {
    return this.#random() < part;
  }

  /** From 0 up to 1: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}
