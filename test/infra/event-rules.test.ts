import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';

import { caseNames, eventCase } from '../../infra/lib/event-cases.ts';
import type { CaseName } from '../../infra/lib/event-cases.ts';
import { eventTypes, troubles } from '../../infra/lib/event-types.ts';
import type { SettingsInput } from '../../infra/settings.ts';
import { filledIn, matchesPattern, transformer } from './event-bridge.ts';
import { hostile, sampleEvents } from './sample-events.ts';
import { resourceOf, synthesisePortal } from './synthesised-portal.ts';
import type { SynthesisedPortal } from './synthesised-portal.ts';

type Notifications = NonNullable<SettingsInput['notifications']>;

const everything = { email: eventTypes, webhook: eventTypes };
const slack = { kind: 'slack', channel: 'C0123456789', secret: 'vpn-portal/slack' } as const;
const secretArn = 'arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:teams-AbCdEf';
const teams = {
  kind: 'teams',
  url: 'https://prod-01.japaneast.logic.azure.com:443/workflows/0a1b/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0',
  secret: secretArn,
} as const;
const other = { kind: 'other', url: 'https://hooks.example.com/vpn', secret: 'hook' } as const;

let open: SynthesisedPortal[] = [];
let inEnglish: Template;
let inJapanese: Template;
let toOther: Template;
let byDefault: Template;

function templateWith(notifications?: Notifications): Template {
  const portal = synthesisePortal(notifications === undefined ? {} : { notifications });
  open.push(portal);
  return portal.portal;
}

beforeAll(() => {
  inEnglish = templateWith({ language: 'en', events: everything, webhook: slack });
  inJapanese = templateWith({ language: 'ja', events: everything, webhook: teams });
  toOther = templateWith({ events: { email: [], webhook: eventTypes }, webhook: other });
  byDefault = templateWith();
});

afterAll(() => {
  for (const each of open) each.remove();
  open = [];
});

const ruleForm = z.object({
  Properties: z.object({
    EventBusName: z.object({ Ref: z.string() }),
    EventPattern: z.record(z.string(), z.unknown()),
    Targets: z.array(
      z.object({
        Arn: z.unknown(),
        InputTransformer: transformer,
        DeadLetterConfig: z.object({ Arn: z.unknown() }),
        RetryPolicy: z.object({
          MaximumEventAgeInSeconds: z.number(),
          MaximumRetryAttempts: z.number(),
        }),
        RoleArn: z.unknown().optional(),
      }),
    ),
  }),
});
type Rule = z.output<typeof ruleForm>['Properties'];
type Target = Rule['Targets'][number];

/** Those of the bus: the schedule's is on another. */
function rulesOf(template: Template): readonly Rule[] {
  return Object.values(template.findResources('AWS::Events::Rule'))
    .filter((rule) => JSON.stringify(rule).includes('"EventBusName"'))
    .map((rule) => ruleForm.parse(rule).Properties);
}

function onlyIdOf(template: Template, type: string): string {
  const ids = Object.keys(template.findResources(type));
  expect(ids).toHaveLength(1);
  return ids[0] ?? '';
}

const isEmail = ({ Arn }: Target) => JSON.stringify(Arn).includes('"Ref"');

/** What the one rule that matches makes of the event for a target. */
function told(template: Template, name: CaseName, channel: 'email' | 'webhook'): string {
  const { event } = sampleEvents[name];
  const matching = rulesOf(template).filter(({ EventPattern }) =>
    matchesPattern(EventPattern, event),
  );
  expect(matching).toHaveLength(1);
  const target = matching[0]?.Targets.find((each) => isEmail(each) === (channel === 'email'));
  if (target === undefined) throw new Error(`${name} is not told by ${channel}`);
  return filledIn({ ...target.InputTransformer, event });
}

/** Every text in a body, one after the other. */
function textsIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value)
    .map((each) => textsIn(each))
    .join('');
}

describe('the rules of the bus', () => {
  it('match each event once, whatever its case, and none of another source', () => {
    for (const name of caseNames) {
      const { event } = sampleEvents[name];
      const foreign = { ...event, source: 'aws.ec2' };
      const count = (of: unknown) =>
        rulesOf(inEnglish).filter(({ EventPattern }) => matchesPattern(EventPattern, of)).length;
      expect([name, count(event), count(foreign)]).toEqual([name, 1, 0]);
    }
  });

  it('listen to the bus of the deployment', () => {
    const bus = onlyIdOf(inEnglish, 'AWS::Events::EventBus');
    const rules = rulesOf(inEnglish);
    expect(rules).toHaveLength(caseNames.length);
    for (const { EventBusName } of rules) expect(EventBusName).toEqual({ Ref: bus });
  });

  it('tell of what somebody has to do something about, and by e-mail alone, unless settings say more', () => {
    const types = new Set(caseNames.map((name) => eventCase(name).type));
    expect([...types].toSorted()).toEqual([...eventTypes].toSorted());
    const cases = caseNames.filter((name) => troubles.includes(eventCase(name).type));
    const rules = rulesOf(byDefault);
    expect(rules).toHaveLength(cases.length);
    expect(rules.flatMap(({ Targets }) => Targets.map(isEmail))).toEqual(cases.map(() => true));
    expect(byDefault.findResources('AWS::Events::ApiDestination')).toEqual({});
    expect(() => told(byDefault, 'ready', 'email')).toThrow();
  });

  it('send nothing by e-mail where no event is to go there', () => {
    expect(rulesOf(toOther).flatMap(({ Targets }) => Targets.filter(isEmail))).toEqual([]);
    const policies = JSON.stringify(toOther.findResources('AWS::SNS::TopicPolicy'));
    expect(policies).not.toContain('events.amazonaws.com');
  });

  it('try for an hour, and keep what cannot be delivered', () => {
    const queues = Object.keys(inEnglish.findResources('AWS::SQS::Queue'));
    const queue = queues.find((id) => id.startsWith('Notifications'));
    for (const { Targets } of rulesOf(inEnglish)) {
      expect(Targets).toHaveLength(2);
      for (const target of Targets) {
        expect(target).toMatchObject({
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [queue, 'Arn'] } },
          RetryPolicy: { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 60 },
        });
      }
    }
  });
});

describe('what lets EventBridge in', () => {
  const statementsFor = (type: string) =>
    Object.values(inEnglish.findResources(type)).flatMap((resource) => {
      const text = JSON.stringify(resource);
      return text.includes('events.amazonaws.com') ? [text] : [];
    });

  it('is one statement on the queue, for the rules of this bus, however many there are', () => {
    const [policy = '', ...others] = statementsFor('AWS::SQS::QueuePolicy').filter((text) =>
      text.includes('NotDelivered'),
    );
    expect(others).toEqual([]);
    expect(policy.match(/"Sid":"NotDelivered"/g)).toHaveLength(1);
    expect(policy).toMatch(/"ArnLike":\{"aws:SourceArn":.*:rule\/.*\/\*/);
  });

  it('is one statement on the topic, and its key; without a condition, which would keep it out', () => {
    const [policy = ''] = statementsFor('AWS::SNS::TopicPolicy');
    const form = z.object({
      Properties: z.object({
        PolicyDocument: z.object({
          Statement: z.array(z.looseObject({ Sid: z.string().optional() })),
        }),
      }),
    });
    const { Statement } = form.parse(JSON.parse(policy)).Properties.PolicyDocument;
    const topic = onlyIdOf(inEnglish, 'AWS::SNS::Topic');
    expect(Statement.filter(({ Sid }) => Sid === 'RulesOfEventBridge')).toEqual([
      {
        Sid: 'RulesOfEventBridge',
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'events.amazonaws.com' },
        Resource: { Ref: topic },
      },
    ]);
    expect(statementsFor('AWS::KMS::Key')).toHaveLength(1);
  });

  it('is no role for e-mail, with which encrypted topics get nothing', () => {
    const emails = rulesOf(inEnglish).flatMap(({ Targets }) => Targets.filter(isEmail));
    expect(emails).toHaveLength(caseNames.length);
    expect(emails.map(({ RoleArn }) => RoleArn)).toEqual(emails.map(() => undefined));
  });
});

describe.each([
  ['English', () => inEnglish, 'At (UTC): 2026-11-21T06:00:00.000Z'],
  ['Japanese', () => inJapanese, '発生日時（UTC）: 2026-11-21T06:00:00.000Z'],
])('an e-mail in %s', (_language, template, at) => {
  it.each(caseNames)('says what happened, to what, where to look and when: %s', (name) => {
    const email = told(template(), name, 'email').replace(hostile, 'hostile');
    for (const said of sampleEvents[name].says) expect(email).toContain(said);
    expect(email).toContain(at);
    // Each line in quotation marks of its own; nothing is left to be filled in.
    for (const line of email.split('\n')) expect(line).toMatch(/^"[^"<>{}\\]*"$/);
    expect(email.includes('hostile')).toBe(name === 'heldOff');
  });
});

it('an e-mail reads as a person would write it', () => {
  expect(told(inEnglish, 'startFailed', 'email').replaceAll(/^"|"$/gm, '')).toBe(
    [
      'Client VPN: an endpoint could not be started',
      '',
      'Starting Tokyo office has failed several times. The last answer of AWS to AssociateClientVpnTargetNetwork was InvalidClientVpnSubnetId.DuplicateAz. The portal tries again at 2026-11-21T18:00:00.000Z (UTC).',
      'People are waiting: look at the page of the endpoint, which says what AWS has answered.',
      '',
      'Open the endpoint in the portal: https://vpn.example.com/endpoints/cvpn-endpoint-0123456789abcdef0',
      'Runbook: docs/operator-runbook.md#start-failures',
      'At (UTC): 2026-11-21T06:00:00.000Z',
    ].join('\n'),
  );
  expect(told(inJapanese, 'heldOn', 'email').replaceAll(/^"|"$/gm, '')).toBe(
    [
      'クライアント VPN: エンドポイントがオンに固定されました',
      '',
      'admin@example.com が Tokyo office を 2026-11-21T18:00:00.000Z（UTC）までオンに固定しました。理由: release night',
      'それまで費用がかかります。管理者はエンドポイントのページで固定を解除できます。',
      '',
      'ポータルでエンドポイントを開く: https://vpn.example.com/endpoints/cvpn-endpoint-0123456789abcdef0',
      '発生日時（UTC）: 2026-11-21T06:00:00.000Z',
    ].join('\n'),
  );
});

describe.each([
  ['Slack', () => inEnglish],
  ['Teams', () => inJapanese],
  ['another webhook', () => toOther],
])('what %s gets', (_kind, template) => {
  it.each(caseNames)('is JSON, whatever people have written, and says it all: %s', (name) => {
    const body = JSON.parse(told(template(), name, 'webhook')) as unknown;
    const texts = textsIn(body);
    const expected = sampleEvents[name].says.filter((said) => !said.startsWith('docs/'));
    for (const said of expected) expect(texts).toContain(said);
    expect(texts.includes(hostile)).toBe(name === 'heldOff');
  });

  it('puts nothing that people write between other words of JSON', () => {
    const free = ['endpointName', 'starter', 'by', 'why', 'person'];
    for (const { Targets } of rulesOf(template())) {
      for (const target of Targets.filter((each) => !isEmail(each))) {
        for (const field of free) {
          const { InputTemplate } = target.InputTransformer;
          const places = InputTemplate.split(`<${field}>`).length - 1;
          expect(InputTemplate.split(new RegExp(`:<${field}>[,}]`)).length - 1).toBe(places);
        }
      }
    }
  });
});

describe('another webhook', () => {
  it.each(caseNames)(
    'gets the event as it is, and what is the same each time in words: %s',
    (name) => {
      const { event } = sampleEvents[name];
      expect(JSON.parse(told(toOther, name, 'webhook'))).toEqual({
        event,
        title: expect.stringMatching(/^Client VPN: /),
        next: expect.stringMatching(/\.$/),
        link: expect.stringMatching(/^https:\/\/vpn\.example\.com\//),
      });
    },
  );

  it('is called at its address, with the header that Secrets Manager has', () => {
    expect(resourceOf(toOther, 'AWS::Events::ApiDestination').Properties).toMatchObject({
      InvocationEndpoint: 'https://hooks.example.com/vpn',
    });
    expect(resourceOf(toOther, 'AWS::Events::Connection').Properties).toMatchObject({
      AuthParameters: {
        ApiKeyAuthParameters: {
          ApiKeyName: 'Authorization',
          ApiKeyValue: '{{resolve:secretsmanager:hook:SecretString:::}}',
        },
      },
    });
  });
});

describe('Slack', () => {
  it('gets a channel, a line for the notification, and rich text in which nothing is a mention', () => {
    expect(JSON.parse(told(inEnglish, 'heldOff', 'webhook'))).toMatchObject({
      channel: 'C0123456789',
      text: 'Client VPN: an endpoint is held off',
      blocks: [
        {
          type: 'rich_text',
          elements: [
            {
              type: 'rich_text_section',
              elements: expect.arrayContaining([
                { type: 'text', text: hostile },
                {
                  type: 'link',
                  url: 'https://vpn.example.com/endpoints/cvpn-endpoint-0123456789abcdef0',
                  text: 'Open the endpoint in the portal',
                },
              ]),
            },
          ],
        },
      ],
    });
  });

  it('is called with the token that Secrets Manager has, a message a second', () => {
    expect(resourceOf(inEnglish, 'AWS::Events::Connection').Properties).toMatchObject({
      AuthorizationType: 'API_KEY',
      AuthParameters: {
        ApiKeyAuthParameters: {
          ApiKeyName: 'Authorization',
          ApiKeyValue: '{{resolve:secretsmanager:vpn-portal/slack:SecretString:::}}',
        },
      },
    });
    expect(resourceOf(inEnglish, 'AWS::Events::ApiDestination').Properties).toMatchObject({
      InvocationEndpoint: 'https://slack.com/api/chat.postMessage',
      HttpMethod: 'POST',
      InvocationRateLimitPerSecond: 1,
    });
  });
});

describe('Teams', () => {
  it('gets a card', () => {
    expect(JSON.parse(told(inJapanese, 'ready', 'webhook'))).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            type: 'AdaptiveCard',
            body: [
              { type: 'TextBlock', text: 'クライアント VPN: エンドポイントを利用できます' },
              { type: 'RichTextBlock' },
              { type: 'TextBlock' },
            ],
            actions: [
              {
                type: 'Action.OpenUrl',
                url: 'https://vpn.example.com/endpoints/cvpn-endpoint-0123456789abcdef0',
              },
            ],
          },
        },
      ],
    });
  });

  it('is called at an address whose signature Secrets Manager has', () => {
    expect(resourceOf(inJapanese, 'AWS::Events::ApiDestination').Properties).toMatchObject({
      InvocationEndpoint:
        'https://prod-01.japaneast.logic.azure.com/workflows/0a1b/triggers/manual/paths/invoke',
    });
    const { AuthParameters } = resourceOf(inJapanese, 'AWS::Events::Connection').Properties;
    expect(AuthParameters).toMatchObject({
      InvocationHttpParameters: {
        QueryStringParameters: [
          { Key: 'api-version', Value: '2016-06-01', IsValueSecret: false },
          { Key: 'sp', Value: '/triggers/manual/run', IsValueSecret: false },
          { Key: 'sv', Value: '1.0', IsValueSecret: false },
          {
            Key: 'sig',
            Value: `{{resolve:secretsmanager:${secretArn}:SecretString:::}}`,
            IsValueSecret: true,
          },
        ],
      },
    });
  });
});

describe('the role with which a webhook is called', () => {
  it('may call that one, and nothing else', () => {
    const [policy] = Object.values(
      inEnglish.findResources('AWS::IAM::Policy', {
        Properties: { PolicyDocument: { Statement: [{ Sid: 'CallTheWebhook' }] } },
      }),
    );
    const destination = onlyIdOf(inEnglish, 'AWS::Events::ApiDestination');
    expect(policy).toMatchObject({
      Properties: {
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Action: 'events:InvokeApiDestination',
              Resource: { 'Fn::GetAtt': [destination, 'Arn'] },
            },
          ],
        },
      },
    });
  });
});

describe('the alarm on what could not be delivered', () => {
  const description = { Properties: { AlarmName: 'vpn-portal-notifications-not-delivered' } };

  it.each([
    ['a webhook', () => inEnglish, 'the topic, or the webhook, does not take it'],
    ['e-mail alone', () => byDefault, 'the topic does not take it'],
  ])('is there for %s', (_what, template, says) => {
    const found = template().findResources('AWS::CloudWatch::Alarm', description);
    expect(Object.values(found)).toEqual([
      expect.objectContaining({
        Properties: expect.objectContaining({
          MetricName: 'NumberOfMessagesSent',
          Threshold: 1,
          AlarmDescription: expect.stringMatching(
            new RegExp(`${says}.*#notifications-not-delivered`),
          ),
        }),
      }),
    ]);
  });

  it('is not there where nobody is told', () => {
    const nobody = synthesisePortal({ notifications: { events: { email: [], webhook: [] } } });
    nobody.remove();
    expect(nobody.portal.findResources('AWS::CloudWatch::Alarm', description)).toEqual({});
  });
});
