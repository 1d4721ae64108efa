import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Parser as HtmlParser } from 'htmlparser2';
import sax from 'sax';
import { SaxesParser } from 'saxes';
import { Parser as Xml2js } from 'xml2js';
import { ElementObjects } from './element-objects.ts';
import { consumeFile } from './whole-consumer.ts';

/** Reads a feed to its end and gives the number of its records; 0 where it does not look for them. */
export type Peer = (file: string) => Promise<number>;

const chunk = { highWaterMark: 256 * 1024 };
const gunzipBuffers = {
  chunkSize: 256 * 1024,
  readableHighWaterMark: 4 * 1024 * 1024,
  writableHighWaterMark: 1024 * 1024,
};

/** Sums up what is made, so that none of it can be left out. */
class Tally {
  records = 0;
  #characters = 0;

  readonly add = (json: string): void => {
    this.records++;
    this.#characters += json.length;
  };

  settle(): number {
    if (this.records > 0 && this.#characters === 0) throw new Error('records of no characters were made');
    return this.records;
  }
}

async function inText(file: string, write: (text: string) => void): Promise<void> {
  for await (const text of createReadStream(file, { ...chunk, encoding: 'utf8' })) write(String(text));
}

async function withSaxes(file: string): Promise<number> {
  const tally = new Tally();
  const objects = new ElementObjects('job', tally.add);
  const parser = new SaxesParser({ xmlns: false, position: false });
  parser.on('opentag', ({ name, attributes }) => objects.open(name, attributes));
  parser.on('text', (text) => objects.text(text));
  parser.on('cdata', (text) => objects.text(text));
  parser.on('closetag', () => objects.close());
  await inText(file, (text) => void parser.write(text));
  parser.close();
  return tally.settle();
}

async function withSax(file: string): Promise<number> {
  const tally = new Tally();
  const objects = new ElementObjects('job', tally.add);
  const parser = sax.parser(true, { position: false });
  parser.onopentag = ({ name, attributes }) => objects.open(name, attributes);
  parser.ontext = (text) => objects.text(text);
  parser.oncdata = (text) => objects.text(text);
  parser.onclosetag = () => objects.close();
  await inText(file, (text) => void parser.write(text));
  parser.close();
  return tally.settle();
}

async function withHtmlparser2(file: string): Promise<number> {
  const tally = new Tally();
  const objects = new ElementObjects('job', tally.add);
  const handler = {
    onopentag: (name: string, attributes: Record<string, string>) => objects.open(name, attributes),
    ontext: (text: string) => objects.text(text),
    onclosetag: () => objects.close(),
  };
  const parser = new HtmlParser(handler, { xmlMode: true, decodeEntities: true });
  await inText(file, (text) => void parser.write(text));
  parser.end();
  return tally.settle();
}

/** It takes whole documents only. */
async function withXml2js(file: string): Promise<number> {
  const tally = new Tally();
  const parser = new Xml2js({ explicitArray: false, explicitRoot: false });
  const document: unknown = await parser.parseStringPromise(await readFile(file, 'utf8'));
  const jobs: unknown =
    typeof document === 'object' && document !== null && 'job' in document ? document.job : undefined;
  for (const job of Array.isArray(jobs) ? jobs : []) tally.add(JSON.stringify(job));
  return tally.settle();
}

async function gunzipAlone(file: string): Promise<number> {
  let bytes = 0;
  const gunzip = createReadStream(file, chunk).pipe(createGunzip(gunzipBuffers));
  for await (const inflated of gunzip) bytes += Buffer.byteLength(inflated);
  if (bytes === 0) throw new Error(`${file} holds nothing`);
  return 0;
}

export const peers: Readonly<Record<string, Peer>> = {
  consumer: consumeFile,
  gunzip: gunzipAlone,
  saxes: withSaxes,
  sax: withSax,
  htmlparser2: withHtmlparser2,
  xml2js: withXml2js,
};
