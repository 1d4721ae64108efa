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

/** Whether somebody says yes. Where not, that nothing was changed is said, and the exit code is 2. Throws as `ask` does. */
export async function agreed(question: string, otherwise: string): Promise<boolean> {
  if (isYes(await ask(question, otherwise))) return true;
  console.log('nothing was changed');
  process.exitCode = 2;
  return false;
}

export const isYes = (answer: string): boolean => /^y(es)?$/i.test(answer);
