import { z } from 'zod';

/*
 * Addresses that are sent to. What is in the settings is in the template, in version control and in what
 * a deployment prints, so nothing that opens a door may be in it.
 */

const intoTheSecret = 'put it into the secret in Secrets Manager, and the rest of the address here';

/** Of the names of parameters, those that say that a secret follows. */
const secretNames =
  /(?:^|[-_.])(?:auth|code|key|sig)$|(?:accesskey|apikey|credentials?|hmac|passphrase|passwd|password|pwd|secret|signature|token)$/i;

/** Whose addresses are secrets as a whole: whoever has one can send. */
const secretPlaces: readonly {
  readonly name: string;
  /** Of the host in small letters, and the path. */
  readonly form: RegExp;
  readonly instead: string;
}[] = [
  {
    name: 'an incoming webhook of Slack',
    form: /^hooks\.slack\.com\//,
    instead: "use { kind: 'slack', … }, which has a token instead",
  },
  {
    name: 'a connector of Microsoft Teams',
    form: /^(?:[^/]+\.)?webhook\.office\.com\/|^outlook\.office(?:365)?\.com\/webhook/,
    instead: "use { kind: 'teams', … } with a workflow, whose sig goes into the secret",
  },
  {
    name: 'a webhook of Discord',
    form: /^(?:[^/]+\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\//,
    instead: 'send to something that takes its secret in a header',
  },
  {
    name: 'a webhook of Zapier, IFTTT or Telegram',
    form: /^(?:hooks\.zapier\.com|maker\.ifttt\.com|api\.telegram\.org)\//,
    instead: 'send to something that takes its secret in a header',
  },
];

/**
 * An https address with nothing secret in it. The sentences do not repeat one that has: they are printed
 * where everybody reads them.
 */
export const openUrl = z.string('must be an https address').superRefine((written, context) => {
  const refuse = (message: string): void => {
    context.addIssue({ code: 'custom', message });
  };
  if (!URL.canParse(written)) {
    refuse('must be an https address');
    return;
  }
  const url = new URL(written);
  const hidden = (why: string, rule: string): void => {
    refuse(`is not printed here, because ${why}: it must not ${rule}`);
  };
  const place = secretPlaces.find(({ form }) => form.test(`${url.host}${url.pathname}`));
  const parameter = [...url.searchParams.keys()].find((name) => secretNames.test(name));
  if (url.username !== '' || url.password !== '') {
    hidden('it has a password in it', `have anything before an @: ${intoTheSecret}`);
  } else if (place !== undefined) {
    hidden('its path is a secret', `be ${place.name}, whose path is its secret: ${place.instead}`);
  } else if (parameter !== undefined) {
    hidden(
      'it has a secret in it',
      `have ${parameter} in it, which is the secret: ${intoTheSecret}`,
    );
  } else if (url.protocol !== 'https:') {
    refuse('must be an https address');
  }
});
