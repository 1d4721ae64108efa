import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';

/** Where it is shown; only a terminal has `isTTY`. */
export type Terminal = NodeJS.WritableStream & { readonly isTTY?: boolean };

export type Style = Parameters<typeof styleText>[0];

/** Lines that stay, and below them a frame that the next one replaces, which only a terminal gets. */
export interface Display extends Disposable {
  line(text: string): void;
  frame(text: string): void;
  /** Colour, where there is a terminal that takes it. */
  paint(style: Style, text: string): string;
}

export function displayOn(stream: Terminal): Display {
  const update = stream.isTTY ? createLogUpdate(stream) : undefined;
  const isColoured = stream.isTTY === true && process.env['NO_COLOR'] === undefined;
  return {
    line: (text) => {
      update?.clear();
      stream.write(`${text}\n`);
    },
    frame: (text) => update?.(text),
    paint: (style, text) => (isColoured ? styleText(style, text) : text),
    [Symbol.dispose]: () => update?.clear(),
  };
}
