import type { RequestListener } from 'node:http';
import type { World } from '../../world.ts';

/** What somebody would have been sent. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** ISO 8601. */
  readonly sentAt: string;
}

/** Older letters are lost: nobody empties the mailbox of a run that goes on for weeks. */
const mostLetters = 1_000;

/** No bucket can have this name, which is how paths without a service are read otherwise. */
const path = '/_mailbox';

/** Where e-mail ends: nothing is ever sent anywhere. `GET /_mailbox` answers the letters as JSON, the oldest first. */
export class Mailbox {
  readonly #world: World;
  readonly #letters: Letter[] = [];

  constructor(world: World) {
    this.#world = world;
    world.routes.set(path, this.#show);
  }

  put(to: string, subject: string, text: string): void {
    this.#letters.push({ to, subject, text, sentAt: new Date(this.#world.clock.now()).toISOString() });
    if (this.#letters.length > mostLetters) this.#letters.shift();
  }

  readonly #show: RequestListener = (_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(this.#letters));
  };
}
