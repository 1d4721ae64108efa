/** npm run check: types, style and what nobody uses. All at once: each of them leaves a core idle at times. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

const commands = [
  'tsc',
  'biome check',
  'knip',
  'tsc -p jobs/xml/kernel/assembly',
  'tsc -p jobs/feed-consumer/kernel/assembly',
] as const;

/** Runs a program of node_modules/.bin, which npm puts on PATH, and tells what it printed at once when it has ended. */
async function succeeds(command: string): Promise<boolean> {
  const [program = '', ...args] = command.split(' ');
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  process.stdout.write(out);
  process.stderr.write(err);
  if (code !== 0) console.error(`${command} failed`);
  return code === 0;
}

const all = await Promise.all(commands.map(succeeds));
process.exitCode = all.every(Boolean) ? 0 : 1;
