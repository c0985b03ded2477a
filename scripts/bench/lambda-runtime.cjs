'use strict';
// As little as possible around a bundle: one event in; out, whether it was answered as it should be,
// and what processor time that took.
const [bundle, name] = process.argv.slice(2);
const { handler } = require(bundle);

const request = {
  requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:bench' } },
  httpMethod: 'GET',
  path: '/healthz',
  multiValueQueryStringParameters: {},
  multiValueHeaders: { 'user-agent': ['ELB-HealthChecker/2.0'] },
  body: '',
  isBase64Encoded: false,
};
const client = {
  'connection-id': 'cvpn-connection-04edd76f5201e0cb8',
  'endpoint-id': 'cvpn-endpoint-0a1b2c3d4e5f69999',
  'common-name': '',
  username: 'alice@example.com',
  platform: 'win',
  'platform-version': '10.0.19045.3208',
  'public-ip': '203.0.113.7',
  'client-openvpn-version': '3.8',
  'aws-client-version': '5.3.0',
  groups: '',
  'schema-version': 'v3',
};
const cases = {
  portal: [request, ({ statusCode }) => statusCode === 200],
  hello: [request, ({ statusCode }) => statusCode === 200],
  reconciler: [{}, (answer) => answer === undefined],
  connect: [client, ({ allow }) => allow === false],
};
const [event, isRight] = cases[name];
void handler(event, {}).then((answer) => {
  const { system, user } = process.cpuUsage();
  process.send({ isRight: isRight(answer), cpuMilliseconds: (user + system) / 1000 });
});
