import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { deploy } from '../../scripts/local/deploy.ts';
import { startSystem } from '../../scripts/local/system.ts';
import { drivenClock } from '../../scripts/local-aws/runtime/driven-clock.ts';
import { feedConfig } from '../support/feed-config.ts';
import { variables } from '../support/run-here.ts';

const database = 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:database-AbCdEf';
const definitions = `jobDefinitions:
  report:
    image: alpine:3
    vcpus: 1
    memory: 2048
    secrets: { TOKEN: /local/token, KEY: /local/key, OLD: '${database}::AWSPREVIOUS:' }
`;

test('what is applied on this machine tells where secrets come from, and they are there', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'environments'));
  // Without what it changes of the rest of that config.
  const local = readFileSync(join(feedConfig, 'environments/local.yaml'), 'utf8').replace(/\nschedules:.*/s, '\n');
  writeFileSync(join(folder, 'environments/local.yaml'), local);
  writeFileSync(join(folder, 'project.yaml'), 'project: unit\n');
  writeFileSync(join(folder, 'job-definitions.yaml'), definitions);
  variables(t, { LOCAL_SECRET_TOKEN: 'given' });
  const clock = drivenClock(Date.UTC(2026, 10, 23, 3));
  const lines: string[] = [];
  const stage = {
    ...{ live: false, line: (text: string) => void lines.push(text), frame: () => {} },
    [Symbol.dispose]: () => {},
  };
  await using system = await startSystem({ clock, directory: folder, output: join(folder, 'output') });
  await deploy(system, stage);
  assert.deepEqual(lines.slice(0, 3), [
    'secret TOKEN of report, /local/token: LOCAL_SECRET_TOKEN',
    'secret KEY of report, /local/key: made up for this run; LOCAL_SECRET_KEY gives another',
    `secret OLD of report, ${database}::AWSPREVIOUS:: not here, where secrets have their current version only; its jobs will not start`,
  ]);
  const response = await fetch(system.aws.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonSSM.GetParameter',
      authorization:
        'AWS4-HMAC-SHA256 Credential=me/20261123/eu-central-1/ssm/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify({ Name: '/local/token', WithDecryption: true }),
  });
  assert.match(await response.text(), /"Value":"given"/);
});
