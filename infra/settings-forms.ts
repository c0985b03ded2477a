import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { z } from 'zod';

import { portalEnvironment } from '../src/config/environment.ts';

/*
 * How single settings are written. Each says what it must be, so that the sentence of a problem is
 * its place, what stands there, and this.
 */

/** Settings that belong together; what is not among them is a problem, not ignored. */
export function settingsOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, 'must be settings in { }');
}

/** A form given by an expression, and what it must be. */
export function text(form: RegExp, rule: string) {
  return z.string(rule).regex(form, rule);
}

export function wholeNumber(from: number, to: number, rule: string) {
  return z.number(rule).int(rule).min(from, rule).max(to, rule);
}

export const yesOrNo = z.boolean('must be true or false');

/** Of the CDK that is installed: a new Region needs a new CDK. */
const regions = new Set(RegionInfo.regions.map(({ name }) => name));
const regionRule =
  'must be a Region, such as ap-northeast-1; one that is newer than the installed aws-cdk-lib needs a newer one';

export const region = z.string(regionRule).refine((name) => regions.has(name), regionRule);

export const account = text(
  /^\d{12}$/,
  'must be the twelve digits of the account, in quotes; the console shows them at the top right, and `aws sts get-caller-identity` prints them',
);

export const hostName = text(
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
  'must be a host name in small letters, such as vpn.example.com, without https:// and without a path',
);

export const certificateArn = text(
  /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/,
  'must be the ARN of a certificate in ACM, such as arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000',
);

export const endpointArn = text(
  /^arn:aws[a-z-]*:ec2:[a-z0-9-]+:\d{12}:client-vpn-endpoint\/cvpn-endpoint-[0-9a-f]{17}$/,
  'must be the ARN of a Client VPN endpoint, such as arn:aws:ec2:us-east-1:111122223333:client-vpn-endpoint/cvpn-endpoint-0123456789abcdef0',
);

export const subnetId = text(
  /^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/,
  'must be the id of a subnet, such as subnet-0123456789abcdef0',
);

export const vpcId = text(
  /^vpc-([0-9a-f]{8}|[0-9a-f]{17})$/,
  'must be the id of a VPC, such as vpc-0123456789abcdef0',
);

export const httpsUrl = (rule: string) => z.url({ protocol: /^https$/, error: rule });

/** An address without a path, as a Content-Security-Policy names it. */
export const origin = text(
  /^https:\/\/[a-z0-9.-]+(:\d+)?$/,
  'must be an origin, such as https://example.okta.com, without a path and without a slash at its end',
);

/** The sign-in sends groups in a list, `[a, b]`, that is divided at its commas: such a one never matches. */
export const group = text(
  /^(?!\[)[^\s,]{1,256}(?<!\])$/,
  'must be a group as the sign-in sends it, without spaces, commas, and brackets around it, since no such group is ever recognised; IAM Identity Center sends ids',
);

export const email = z.email('must be an e-mail address');

/* As the functions read them from their environment. */
const { BILLING, CURRENCY, PORTAL_COST_PER_MONTH, TIME_ZONE } = portalEnvironment.shape;

export const billing = z.enum(BILLING.unwrap().options, "must be 'pro-rated' or 'full-hours'");

export const timeZone = z
  .string('must be a time zone, such as Asia/Tokyo')
  .refine((name) => TIME_ZONE.safeParse(name).success, 'must be a time zone, such as Asia/Tokyo');

export const currency = z
  .string('must be a currency of three capitals, such as USD')
  .refine((name) => CURRENCY.safeParse(name).success, {
    error: 'must be a currency of three capitals, such as USD',
  });

const priceRule = 'must be a price as a number, such as 0.15, with at most six decimals';

export const price = z
  .number(priceRule)
  .refine((amount) => PORTAL_COST_PER_MONTH.safeParse(String(amount)).success, priceRule);

const logRetentions = Object.values(RetentionDays)
  .filter((value): value is RetentionDays => typeof value === 'number')
  .filter((value) => value !== RetentionDays.INFINITE);

/** How long CloudWatch Logs keeps a log: it offers some numbers of days and no others. */
export const logDays = z.number('must be a number of days').transform((days, context) => {
  const offered = logRetentions.find((value: number) => value === days);
  if (offered !== undefined) return offered;
  const message = `must be one of the numbers of days that CloudWatch Logs offers: ${logRetentions.join(', ')}`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** How long something is kept. */
export const days = (longest = 3_650) =>
  wholeNumber(1, longest, `must be a whole number of days from 1 to ${longest}`);

export function listOf<Item extends z.ZodType<string>>(item: Item) {
  return z.array(item, 'must be a list in [ ]');
}
