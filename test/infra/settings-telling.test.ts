import { describe, expect, it } from '@jest/globals';

import { readSettings, SettingsError } from '../../infra/read-settings.ts';
import { settings as example } from '../../infra/settings.example.ts';

function problemsOf(changed: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    readSettings({ ...example, ...changed });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

const slack = { kind: 'slack', channel: 'C0123456789', secret: 'vpn-portal/slack' };
const secretOf = (region: string, account: string) =>
  `arn:aws:secretsmanager:${region}:${account}:secret:vpn-portal/slack-AbCdEf`;
const here = secretOf('ap-northeast-1', '111122223333');

describe('the settings of the connect handler', () => {
  it.each([
    [{ enabled: false }],
    [{ enabled: false, onFailure: 'deny', provisionedConcurrency: 1 }],
    [{ enabled: true, onFailure: 'deny' }],
    [{ enabled: true, onFailure: 'allow', provisionedConcurrency: 5 }],
  ])('are taken: %j', (connect) => {
    expect(problemsOf({ connect })).toEqual([]);
  });

  it('need not be there, and then there is no handler', () => {
    const { connect, notifications, ...least } = example;
    expect([connect, notifications]).toBeDefined();
    expect(readSettings(least)).toMatchObject({
      connect: { enabled: false },
      notifications: { language: 'en', webhook: null },
    });
  });

  it.each([
    [{ enabled: true }, "connect.onFailure is not set: it must be 'allow' or 'deny'"],
    [{ enabled: true, onFailure: 'open' }, 'connect.onFailure is "open": it must be \'allow\''],
    [
      { enabled: 'yes' },
      'connect.enabled is "yes": it must be { enabled: false } or { enabled: tr',
    ],
    [
      { enabled: true, onFailure: 'deny', provisionedConcurrency: 0 },
      'connect.provisionedConcurrency is 0: it must be a whole number from 1 to 1000, or null',
    ],
    [{ enabled: false, onFail: 'deny' }, 'connect.onFail is no setting'],
  ])('are refused: %j', (connect, sentence) => {
    expect(problemsOf({ connect })).toEqual([expect.stringContaining(sentence)]);
  });

  it('refuse a name that fills the sentences of the client, only where there is a handler', () => {
    const label = 'a'.repeat(40);
    const hostName = `${label}.${label}.vpn.example.com`;
    const address = { ...example.address, hostName };
    expect(problemsOf({ address })).toEqual([]);
    expect(problemsOf({ address, connect: { enabled: true, onFailure: 'deny' } })).toEqual([
      expect.stringMatching(/^address\.hostName is .*: it must have at most 92 characters where/),
    ]);
  });
});

describe('the settings of notifications', () => {
  it.each([
    [{}],
    [{ language: 'ja' }],
    [{ events: { email: [] } }],
    [{ webhook: slack }],
    [{ webhook: { ...slack, secret: here } }],
    [{ webhook: slack, events: { webhook: ['endpoint-ready'] } }],
    [
      {
        webhook: {
          kind: 'teams',
          url: 'https://prod-01.japaneast.logic.azure.com/workflows/a?api-version=1&sv=1.0',
          secret: 'teams',
        },
      },
    ],
    [{ webhook: { kind: 'other', url: 'https://hooks.example.com/vpn', secret: 'hook' } }],
    [{ webhook: { kind: 'other', url: 'https://h.example.com/?monkey=1&zipcode=2', secret: 'h' } }],
  ])('are taken: %j', (notifications) => {
    expect(problemsOf({ notifications })).toEqual([]);
  });

  it.each([
    [{ language: 'de' }, "notifications.language is \"de\": it must be 'en' or 'ja'"],
    [
      { events: { email: ['endpoint-redy'] } },
      'notifications.events.email[0] is "endpoint-redy": it must be an event that there is: \'endpoint-starting\'',
    ],
    [
      { events: { email: ['endpoint-ready', 'endpoint-ready'] } },
      'notifications.events.email[1] is "endpoint-ready": it stands at [0] already',
    ],
    [
      { events: { webhook: ['endpoint-ready'] } },
      'notifications.webhook is not set: it must be there, or notifications.events.webhook be left out',
    ],
    [
      { webhook: { kind: 'discord' } },
      'notifications.webhook.kind is "discord": it must be { kind: \'slack\', … }',
    ],
    [
      { webhook: { ...slack, channel: '#vpn' } },
      'notifications.webhook.channel is "#vpn": it must be the id of a channel',
    ],
    [
      { webhook: { ...slack, secret: ['xoxb', '123456789012', 'abcdef'].join('-') } },
      'it must be the name or the ARN of a secret in Secrets Manager, and never the secret itself',
    ],
    [
      { webhook: { ...slack, secret: secretOf('us-east-1', '111122223333') } },
      'it must be of the Region ap-northeast-1',
    ],
    [
      { webhook: { ...slack, secret: secretOf('ap-northeast-1', '444455556666') } },
      'it must be of the account 111122223333',
    ],
    [
      {
        webhook: { kind: 'teams', url: 'https://prod.example.com/invoke?sig=abc', secret: 'teams' },
      },
      'it must not have sig in it, which is the secret',
    ],
    ...[
      'https://prod.example.com/invoke?SIG=abc',
      'https://hooks.example.com/vpn?access_token=abc',
      'https://hooks.example.com/vpn?x=1&apiKey=abc',
      'https://func.example.com/api/vpn?code=abc',
      'https://hooks.example.com/vpn?X-Amz-Signature=abc',
      'https://user:abc@hooks.example.com/vpn',
      'https://abc@hooks.example.com/vpn',
      'https://example.webhook.office.com/webhookb2/abc',
      'https://discord.com/api/webhooks/1/abc',
      'https://DISCORDAPP.com/api/v10/webhooks/1/abc',
      'https://HOOKS.slack.com/services/T0/B0/abc',
      'https://api.telegram.org/bot1:abc/sendMessage',
    ].map((url): [Readonly<Record<string, unknown>>, string] => [
      { webhook: { kind: 'other', url, secret: 'hook' } },
      'notifications.webhook.url is not printed here, because',
    ]),
    [
      {
        webhook: {
          kind: 'other',
          url: 'https://hooks.slack.com/services/T0/B0/abc',
          secret: 'hook',
        },
      },
      'it must not be an incoming webhook of Slack',
    ],
    [
      { webhook: { kind: 'other', url: 'http://hooks.example.com', secret: 'hook' } },
      'notifications.webhook.url is "http://hooks.example.com": it must be an https address',
    ],
    [
      { webhook: { kind: 'other', url: 'https://a.example.com', secret: 'hook', header: 'a b' } },
      'notifications.webhook.header is "a b": it must be the name of a header',
    ],
  ])('are refused: %j', (notifications, sentence) => {
    expect(problemsOf({ notifications })).toEqual([expect.stringContaining(sentence)]);
  });

  it.each([
    ['an address', { kind: 'other', url: 'https://h.example.com?token=hunter2', secret: 'hook' }],
    ['a password', { kind: 'other', url: 'http://a:hunter2@h.example.com', secret: 'hook' }],
    ['a token', { ...slack, secret: 'Bearer hunter2' }],
  ])('do not repeat the secret of %s that they refuse', (_what, webhook) => {
    const problems = problemsOf({ notifications: { webhook } });
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain('hunter2');
  });
});
