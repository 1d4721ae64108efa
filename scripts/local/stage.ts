import { createLogUpdate } from 'log-update';

/**
 * Where the story is told. Lines stay; a frame is what is going on right now and is replaced by the next one. Only a
 * terminal gets frames: elsewhere each thing is told once, as a line. Nothing is heard after disposing.
 */
export interface Stage extends Disposable {
  readonly live: boolean;
  line(text: string): void;
  frame(lines: readonly string[]): void;
}

/** A stage on a stream; `silent` (for --json) shows nothing at all. */
export function stageOn(stream: NodeJS.WriteStream, silent: boolean): Stage {
  let open = !silent;
  const update = stream.isTTY && !silent ? createLogUpdate(stream) : undefined;
  const frame = (lines: readonly string[]): void => {
    if (!open || update === undefined) return;
    if (lines.length === 0) update.clear();
    else update(lines.join('\n'));
  };
  return {
    live: update !== undefined,
    line: (text) => {
      frame([]);
      if (open) stream.write(`${text}\n`);
    },
    frame,
    [Symbol.dispose]: () => {
      frame([]);
      open = false;
    },
  };
}
