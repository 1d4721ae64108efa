import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import manifest from '../../package.json' with { type: 'json' };
import { type PeakMemory, watchMemory } from './process-memory.ts';

/** Runs what `npm start -- --json` runs to its end. Throws with what it printed when it fails. */
export async function runStart(flags: readonly string[]): Promise<readonly PeakMemory[]> {
  const args = [...manifest.scripts.start.split(' ').slice(1), '--json', ...flags];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const memory = watchMemory(child.pid ?? 0);
  const [summary, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const peaks = memory.stop();
  if (code !== 0) throw new Error(`npm start ended with exit code ${code}:\n${summary}`);
  return peaks;
}
