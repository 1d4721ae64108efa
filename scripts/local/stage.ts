import { createLogUpdate } from 'log-update';

/**
 * Where the story is told. Lines stay; a frame is what is going on right now and is replaced by the next one. Only a
 * terminal gets frames: elsewhere each thing is told once, as a line.
 */
export interface Stage {
  readonly live: boolean;
  line(text: string): void;
  frame(lines: readonly string[]): void;
}

/** A stage on a stream; `silent` (for --json) shows nothing at all. */
export function stageOn(stream: NodeJS.WriteStream, silent: boolean): Stage {
  if (silent) return { live: false, line: () => {}, frame: () => {} };
  if (!stream.isTTY) return { live: false, line: (text) => void stream.write(`${text}\n`), frame: () => {} };
  const update = createLogUpdate(stream);
  return {
    live: true,
    line: (text) => {
      update.clear();
      stream.write(`${text}\n`);
    },
    frame: (lines) => (lines.length === 0 ? update.clear() : update(lines.join('\n'))),
  };
}
