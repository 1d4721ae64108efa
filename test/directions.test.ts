import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import test from 'node:test';

// house → the houses it may import from; a file belongs to the longest prefix that fits. Not listed is not allowed.
const allowed: Record<string, readonly string[]> = {
  'scripts/config': ['yaml', 'zod'],
  'scripts/reconcile': ['scripts/config'],
  'scripts/kinds': ['scripts/reconcile', 'scripts/aws', 'scripts/config', '@aws-sdk'],
  'scripts/aws': ['@aws-sdk', '@smithy'],
  'scripts/local-aws': ['@aws-sdk', '@smithy', 'jobs/messages'],
  lambdas: ['@aws-sdk', 'jobs/messages'],
  jobs: ['@aws-sdk', 'jobs/messages'],
};
const specifier = /(?:^|[\s;}])(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;
const houses = Object.keys(allowed).sort((a, b) => b.length - a.length);
const inside = (path: string, house: string): boolean => path === house || path.startsWith(`${house}/`);

export function violations(file: string, source: string): string[] {
  const house = houses.find((house) => inside(file, house));
  if (house === undefined) return [];
  return [...source.matchAll(specifier)]
    .map((match) => match[1] ?? match[2] ?? '')
    .map((to) => (to.startsWith('.') ? posix.join(posix.dirname(file), to) : to))
    .filter((to) => !to.startsWith('node:') && !builtinModules.includes(to))
    .filter((to) => ![house, ...(allowed[house] ?? [])].some((ok) => inside(to, ok)))
    .map((to) => `${file} must not import ${to}`);
}

test('every import keeps to the directions of the house', () => {
  const files = ['scripts', 'lambdas', 'jobs'].flatMap((top) =>
    readdirSync(top, { recursive: true, encoding: 'utf8' })
      .filter((f) => f.endsWith('.ts'))
      .map((f) => posix.join(top, f.replaceAll('\\', '/'))),
  );
  assert.deepEqual(
    files.flatMap((file) => violations(file, readFileSync(file, 'utf8'))),
    [],
  );
});
