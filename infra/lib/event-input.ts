import { RuleTargetInput } from 'aws-cdk-lib/aws-events';
import type { RuleTargetInputProperties } from 'aws-cdk-lib/aws-events';

import { fields, piecesOf } from './messages/message.ts';
import type { Field, Message, Piece } from './messages/message.ts';

/** One message, and where it leads. */
export interface Notice extends Message {
  /** Of the portal; it may have `{endpointId}` in it. */
  readonly link: string;
  readonly linkLabel: string;
  /** Where to read what to do, with its label; `null` where there is no such page. */
  readonly runbook: string | null;
  /** Before the moment of the event. */
  readonly at: string;
}

/**
 * What EventBridge makes of an event for a target. It puts values in as they are: a quotation mark in
 * the reason that an administrator has written would end a string of JSON. So within JSON a value that
 * people write stands alone, where EventBridge writes it as JSON.
 * Source: EventBridge User Guide, "Amazon EventBridge input transformation".
 */
class EventInput extends RuleTargetInput {
  private readonly properties: RuleTargetInputProperties;

  constructor(inputTemplate: string) {
    super();
    const named = Object.entries(fields).filter(([name]) => inputTemplate.includes(`<${name}>`));
    this.properties = { inputTemplate, inputPathsMap: Object.fromEntries(named) };
  }

  override bind(): RuleTargetInputProperties {
    return this.properties;
  }
}

/** For SNS: lines of text, each in quotation marks, which is how EventBridge takes more than one. */
export function emailInput({ at, happened, link, linkLabel, next, runbook, title }: Notice) {
  const lines = [
    title,
    '',
    happened,
    next,
    '',
    `${linkLabel}: ${link}`,
    ...(runbook === null ? [] : [runbook]),
    `${at} {at}`,
  ];
  return new EventInput(lines.map((line) => `"${withPlaceholders(line)}"`).join('\n'));
}

/** For Slack's `chat.postMessage`. In rich text nothing that people have written is a mention. */
export function slackInput(channel: string, { happened, link, linkLabel, next, title }: Notice) {
  const text = (piece: string) => ({ type: 'text', text: piece });
  return jsonInput({
    channel,
    text: title,
    blocks: [
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { ...text(title), style: { bold: true } },
              text('\n'),
              ...piecesOf(happened).map((piece) => text(inJson(piece))),
              text(`\n${next}\n`),
              { type: 'link', url: withPlaceholders(link), text: linkLabel },
            ],
          },
        ],
      },
    ],
  });
}

/** For a workflow of Teams that posts cards. In a run of text nothing is Markdown. */
export function teamsInput({ happened, link, linkLabel, next, title }: Notice) {
  const run = (text: string) => ({ type: 'TextRun', text });
  return jsonInput({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            { type: 'TextBlock', text: title, weight: 'Bolder', wrap: true },
            {
              type: 'RichTextBlock',
              inlines: piecesOf(happened).map((piece) => run(inJson(piece))),
            },
            { type: 'TextBlock', text: next, wrap: true },
          ],
          actions: [{ type: 'Action.OpenUrl', title: linkLabel, url: withPlaceholders(link) }],
        },
      },
    ],
  });
}

/** For whatever else there is: what is the same each time in words, and the event as it is. */
export function plainInput({ link, next, title }: Notice) {
  return jsonInput({ title, next, link: withPlaceholders(link), event: wholeEvent });
}

/** A variable of EventBridge's own. */
const wholeEvent = '<aws.events.event.json>';

function jsonInput(body: object): EventInput {
  // A string that is nothing but a placeholder is a value of its own, whatever is in it.
  return new EventInput(JSON.stringify(body).replaceAll(/"(<[\w.]+>)"/g, '$1'));
}

function inJson(piece: Piece): string {
  return 'text' in piece ? piece.text : placeholder(piece.field);
}

/** Without quotation marks or backslashes of its own, so that it can stand between some. */
function withPlaceholders(text: string): string {
  if (/["\\\n]/.test(text)) throw new Error(`"${text}" cannot stand in a line`);
  return piecesOf(text).map(inJson).join('');
}

function placeholder(field: Field): string {
  return `<${field}>`;
}
