import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a `run:` step left behind. */
export interface ShellEnd {
  readonly code: number;
  /** Standard output and error, as the log of a job shows them. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** The files that a step writes to, made anew for each. */
const commandFiles = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_STEP_SUMMARY'] as const;

const assignments = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const at = line.indexOf('=');
        if (at < 1) throw new Error(`reading what a step has set: "${line}" is no NAME=VALUE`);
        return [line.slice(0, at), line.slice(at + 1)];
      }),
  );

/** Runs the text of a step as GitHub does for `shell: bash`. */
export async function runBash(
  text: string,
  { cwd, temporary, env }: { readonly cwd: string; readonly temporary: string; readonly env: NodeJS.ProcessEnv },
): Promise<ShellEnd> {
  const file = (name: string): string => join(temporary, `_${name.toLowerCase()}`);
  for (const name of commandFiles) writeFileSync(file(name), '');
  const script = file('script.sh');
  writeFileSync(script, text);
  const files = Object.fromEntries(commandFiles.map((name) => [name, file(name)]));
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
    cwd,
    env: { ...env, ...files },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      log += part;
    });
  const [code, signal] = await once(child, 'close');
  const [outputs = '', environment = '', summary = ''] = commandFiles.map((name) => readFileSync(file(name), 'utf8'));
  return {
    code: typeof code === 'number' ? code : 128,
    log: signal === null ? log : `${log}\nended by ${String(signal)}`,
    outputs: assignments(outputs),
    environment: assignments(environment),
    summary,
  };
}
