import { createInterface } from 'node:readline/promises';
import { PlanError } from '../reconcile/errors.ts';

/** Asks in the terminal; Ctrl-C and Ctrl-D answer nothing. Throws PlanError with `otherwise` where nobody is there. */
export async function ask(question: string, otherwise: string): Promise<string> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw new PlanError([otherwise]);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const gone = new AbortController();
  terminal.on('SIGINT', () => gone.abort()).on('close', () => gone.abort());
  try {
    const answer = await terminal.question(question, { signal: gone.signal }).catch((error: unknown) => {
      if (gone.signal.aborted) return '';
      throw error;
    });
    return answer.trim();
  } finally {
    terminal.close();
  }
}

export const isYes = (answer: string): boolean => /^y(es)?$/i.test(answer);
