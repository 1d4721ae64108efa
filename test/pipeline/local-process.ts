import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { builtScript } from '../support/built-script.ts';

interface Ended {
  /** What a shell would see. */
  readonly code: number | NodeJS.Signals;
  readonly out: string;
  readonly err: string;
}

/** `scripts/local.ts` as a process of its own, with its temporary files in a folder of its own and nobody's credentials. */
export class LocalProcess {
  /** For the `--output` of the process, and whatever else the test needs. */
  readonly output: string;
  readonly ended: Promise<Ended>;
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly #text = { out: '', err: '' };

  constructor(t: TestContext, args: readonly string[]) {
    this.#folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
    this.output = join(this.#folder, 'output');
    mkdirSync(this.#temporary);
    this.#child = spawn(process.execPath, [builtScript('local'), ...args, '--output', this.output], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '', HOME: this.#folder, TMPDIR: this.#temporary },
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#text.out += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#text.err += text;
    });
    this.ended = once(this.#child, 'close').then(([code, signal]) => ({ code: code ?? signal, ...this.#text }));
    t.after(async () => {
      this.#child.kill('SIGKILL');
      await this.ended;
      rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
    });
  }

  get #temporary(): string {
    return join(this.#folder, 'tmp');
  }

  /** Resolves with everything printed so far, once that has a match; rejects when the process ends without one. */
  async printed(pattern: RegExp): Promise<string> {
    const { stdout } = this.#child;
    assert.ok(stdout);
    while (!pattern.test(this.#text.out)) {
      const end = await Promise.race([once(stdout, 'data'), this.ended]);
      if (!Array.isArray(end)) assert.match(this.#text.out, pattern, `${end.code}: ${end.err}`);
    }
    return this.#text.out;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The processes that it started and that live; undefined where there is no /proc. All of them know its folder. */
  running(): readonly string[] | undefined {
    if (!existsSync('/proc/self/environ')) return undefined;
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== this.#child.pid)
      .filter((pid) => knows(pid, this.#temporary))
      .map((pid) => `${pid} ${proc(pid, 'cmdline').replaceAll('\0', ' ')}`);
  }

  /** Fails when anything that it started, or any temporary file, outlives it. What was just killed gets a second to go. */
  async assertNothingLeft(): Promise<void> {
    for (let attempt = 0; attempt < 50 && (this.running() ?? []).length > 0; attempt++) await delay(20);
    assert.deepEqual(this.running() ?? [], []);
    // tsx keeps its compiled files for the next start.
    assert.deepEqual(
      readdirSync(this.#temporary).filter((name) => !name.startsWith('tsx-')),
      [],
    );
  }
}

/** A process is started in a folder, with it on its command line, or with it in its environment. */
const knows = (pid: string, folder: string): boolean =>
  workingDirectory(pid).startsWith(folder) || [proc(pid, 'cmdline'), proc(pid, 'environ')].join().includes(folder);

const proc = (pid: string, file: string): string => ofLiving(() => readFileSync(`/proc/${pid}/${file}`, 'utf8'));

const workingDirectory = (pid: string): string => ofLiving(() => readlinkSync(`/proc/${pid}/cwd`));

/** Empty for a process that has gone, is going, or is somebody else's. */
function ofLiving(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(String(error.code))
    )
      return '';
    throw error;
  }
}
