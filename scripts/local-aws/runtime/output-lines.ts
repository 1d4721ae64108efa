/** CloudWatch Logs refuses events above 256 KiB; the awslogs driver cuts longer lines there. */
const longestLine = 256 * 1024 - 26;

/** Turns chunks of output into whole lines. Empty lines are dropped, as the awslogs driver drops them. */
export class LineSplitter {
  #rest = '';

  push(chunk: string): string[] {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    while (this.#rest.length > longestLine) {
      lines.push(this.#rest.slice(0, longestLine));
      this.#rest = this.#rest.slice(longestLine);
    }
    return lines.flatMap(cut);
  }

  /** The last line when the output did not end in a newline. */
  end(): string[] {
    const last = cut(this.#rest);
    this.#rest = '';
    return last;
  }
}

function cut(line: string): string[] {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (text.length <= longestLine) return text === '' ? [] : [text];
  return [text.slice(0, longestLine), ...cut(text.slice(longestLine))];
}
