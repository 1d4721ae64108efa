import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { closed, listening } from '../../scripts/local/loopback.ts';

/** An SNS that keeps what is published, and can be down. */
export interface TopicRecorder extends AsyncDisposable {
  readonly endpoint: string;
  /** The messages of all Publish calls, in order. */
  readonly published: readonly string[];
  /** What it answers from now on: everything well, an error without taking the message, or an error after taking it. */
  mode: 'up' | 'down' | 'takes but fails';
}

const fine =
  '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>';
const failure =
  '<ErrorResponse><Error><Type>Receiver</Type><Code>InternalError</Code><Message>down</Message></Error></ErrorResponse>';

export async function startTopicRecorder(): Promise<TopicRecorder> {
  const published: string[] = [];
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const message = new URLSearchParams(await text(request)).get('Message');
      if (message !== null && recorder.mode !== 'down') published.push(message);
      response.writeHead(recorder.mode === 'up' ? 200 : 500, { 'content-type': 'text/xml' });
      response.end(recorder.mode === 'up' ? fine : failure);
    };
    answer().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  const recorder: TopicRecorder = {
    endpoint: await listening(server, 0),
    published,
    mode: 'up',
    [Symbol.asyncDispose]: () => closed(server),
  };
  return recorder;
}
