'use strict';
// As little as possible around a bundle: one event in, the status of its answer out.
const { handler } = require(process.argv[2]);

const event = {
  requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:bench' } },
  httpMethod: 'GET',
  path: '/healthz',
  multiValueQueryStringParameters: {},
  multiValueHeaders: { 'user-agent': ['ELB-HealthChecker/2.0'] },
  body: '',
  isBase64Encoded: false,
};
void handler(event, {}).then(({ statusCode }) => process.send(statusCode));
