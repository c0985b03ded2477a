import { execFile } from 'node:child_process';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { checkNames, outcomes } from '../../scripts/doctor/finding.ts';
import type { LocalStack } from '../../scripts/local/stack.ts';
import { compileCache } from '../compile-cache.ts';
import { connectionTo, startExaminedStack, tokyo } from './doctor-stack.ts';

describe('the doctor’s program', () => {
  const script = path.join(import.meta.dirname, '../../scripts/doctor.ts');

  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startExaminedStack();
  });
  afterAll(() => stack.stop());

  interface Ended {
    readonly code: number;
    readonly said: string;
    readonly complained: string;
  }

  function run(
    args: readonly string[],
    env: Readonly<Record<string, string>> = surroundings(),
  ): Promise<Ended> {
    return new Promise((resolve) => {
      const options = { env: { ...compileCache, ...env } };
      execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
        const code = error === null ? 0 : Number(error.code);
        resolve({ code, said: stdout, complained: stderr });
      });
    });
  }

  /** Nothing of this machine's own settings. */
  function surroundings(): Readonly<Record<string, string>> {
    const { credentials, dynamoEndpoint, endpoint, region } = connectionTo(stack);
    return {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: dynamoEndpoint,
    };
  }

  it('ends with 0 and a line for each check where nothing is wrong', async () => {
    const { code, complained, said } = await run(['--endpoint', tokyo]);
    const lines = said.trimEnd().split('\n');
    expect(lines.slice(0, -2).filter((line) => !line.startsWith('ok  '))).toEqual([]);
    expect(lines.at(-1)).toBe(
      `ap-northeast-1, LOCA…KKEY: ${lines.length - 2} ok, 0 warning, 0 problem, 0 not checked.`,
    );
    expect({ code, complained }).toEqual({ code: 0, complained: '' });
  });

  it('finds the local stack by itself, answers JSON, and ends with 1 for a problem', async () => {
    const { dynamoEndpoint, endpoint } = connectionTo(stack);
    const { code, said } = await run(['--local', '--json'], {
      LOCAL_AWS_PORT: new URL(endpoint).port,
      LOCAL_DYNAMODB_PORT: new URL(dynamoEndpoint).port,
    });
    const document = z.strictObject({
      version: z.literal(1),
      checkedAt: z.iso.datetime(),
      region: z.literal('ap-northeast-1'),
      stack: z.literal('vpn-portal'),
      credentials: z.literal('LOCA…KKEY'),
      result: z.literal('problem'),
      counts: z.record(z.enum(outcomes), z.number()),
      findings: z.array(
        z.strictObject({
          check: z.enum(checkNames),
          subject: z.string(),
          outcome: z.enum(outcomes),
          sentence: z.string().min(1),
          fix: z.string().min(1).nullable(),
        }),
      ),
    });
    const { counts, findings: found } = document.parse(JSON.parse(said));
    expect(found).toHaveLength(Object.values(counts).reduce((sum, count) => sum + count));
    expect(code).toBe(1);
  });

  it('ends with 1 where something was not checked, and with 0 where that is accepted', async () => {
    const always = { code: 'AccessDenied', status: 403, times: 100, effect: 'before' } as const;
    stack.faults.add({ service: 'iam', action: 'GetSAMLProvider', ...always });
    const args = ['--endpoint', tokyo];
    const [strict, accepting] = await Promise.all([
      run(args),
      run([...args, '--accept-not-checked']),
    ]);
    stack.faults.clear();
    expect(strict.said).toContain('not checked  ');
    expect(strict.said).toContain('To fix: Allow iam:GetSAMLProvider');
    expect([strict.code, accepting.code]).toEqual([1, 0]);
  });

  it.each([
    [['--jsn'], "Unknown option '--jsn'"],
    [['--endpoint', 'office'], 'not "office"'],
  ])('refuses %j with a sentence and what there is to say', async (args, sentence) => {
    const { code, complained, said } = await run(args);
    expect(complained).toContain(sentence);
    expect(complained).toContain('npm run doctor -- [--endpoint ID]');
    expect(complained).not.toContain('    at ');
    expect({ code, said }).toEqual({ code: 2, said: '' });
  });

  it('says what it takes', async () => {
    const { code, said } = await run(['--help']);
    expect(said).toContain('--accept-not-checked');
    expect(code).toBe(0);
  });

  it('does not begin without a Region, nor at a port that is none', async () => {
    const nowhere = {
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const [region, port] = await Promise.all([
      run([], nowhere),
      run(['--local'], { LOCAL_AWS_PORT: 'many' }),
    ]);
    expect(region.complained).toContain('needs AWS credentials and a Region');
    expect(port.complained).toContain('LOCAL_AWS_PORT must be');
    for (const { code, complained, said } of [region, port]) {
      expect(complained).not.toContain('    at ');
      expect({ code, said }).toEqual({ code: 2, said: '' });
    }
  });
});
