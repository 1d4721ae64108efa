import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';

/** Where it is shown; only a terminal has `isTTY`. */
export type Terminal = NodeJS.WritableStream & { readonly isTTY?: boolean };

export type Style = Parameters<typeof styleText>[0];

/** Lines that stay, and below them a frame that the next one replaces, which only a terminal gets. */
export interface Display extends Disposable {
  readonly live: boolean;
  line(text: string): void;
  frame(text: string): void;
  /** Leaves the terminal to a question. */
  rest(): void;
  /** Colour, where there is a terminal that takes it. */
  paint(style: Style, text: string): string;
}

export function displayOn(stream: Terminal): Display {
  const update = stream.isTTY ? createLogUpdate(stream) : undefined;
  const isColoured = stream.isTTY === true && process.env['NO_COLOR'] === undefined;
  return {
    live: update !== undefined,
    line: (text) => {
      update?.clear();
      stream.write(`${text}\n`);
    },
    frame: (text) => update?.(text),
    rest: () => {
      update?.clear();
      update?.done();
    },
    paint: (style, text) => (isColoured ? styleText(style, text) : text),
    [Symbol.dispose]: () => {
      update?.clear();
      update?.done();
    },
  };
}
