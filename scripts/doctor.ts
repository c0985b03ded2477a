/**
 * Says what is wrong with a deployment, and how to mend it. Changes nothing:
 *
 *   npm run doctor
 *   npm run doctor -- --json --endpoint cvpn-endpoint-0123456789abcdef0
 *
 * Ends with 0 where nothing is wrong, with 1 where something is or could not be checked, and with 2
 * where it could not begin: for arguments that it does not take, and without credentials or Region.
 * docs/doctor.md has every check.
 */
import { systemClock } from '../src/clock.ts';
import { readArguments, usage } from './doctor/arguments.ts';
import type { DoctorArguments } from './doctor/arguments.ts';
import { createAwsPorts } from './doctor/aws/aws-ports.ts';
import { createDoctorClients } from './doctor/aws/clients.ts';
import type { Connection } from './doctor/aws/clients.ts';
import { diagnose } from './doctor/diagnosis.ts';
import { exitCodeOf, jsonOf, textOf } from './doctor/report.ts';
import { administratorAccessKeyId, localSecretAccessKey } from './local/access-keys.ts';
import { LocalStackError } from './local/listen.ts';
import { sampleRegion } from './local/sample-world.ts';
import { readSettings } from './local/settings.ts';

/** Says why it cannot begin, and ends. */
function refuse(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

function connectionFor({ local, region }: DoctorArguments): Connection {
  if (!local) return region === null ? {} : { region };
  try {
    const { awsPort, dynamodbPort } = readSettings(process.env);
    return {
      region: region ?? sampleRegion,
      credentials: {
        accessKeyId: administratorAccessKeyId,
        secretAccessKey: localSecretAccessKey,
      },
      endpoint: `http://127.0.0.1:${awsPort}`,
      dynamoEndpoint: `http://127.0.0.1:${dynamodbPort}`,
    };
  } catch (error) {
    if (error instanceof LocalStackError) return refuse(error.message);
    throw error;
  }
}

const parsed = readArguments(process.argv.slice(2));
if (!parsed.ok) refuse(`${parsed.sentence}\n\n${usage}`);
const { read } = parsed;
if (read.help) {
  console.log(usage);
  process.exit(0);
}

const clients = createDoctorClients(connectionFor(read));

/** Without these every check would fail in the same words. */
async function begin(): Promise<{ readonly region: string; readonly credentials: string }> {
  try {
    const [region, { accessKeyId }] = await Promise.all([
      clients.ec2.config.region(),
      clients.ec2.config.credentials(),
    ]);
    // Enough to tell one's keys apart, and no more.
    return { region, credentials: `${accessKeyId.slice(0, 4)}…${accessKeyId.slice(-4)}` };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse(
      `${why}\nThe doctor needs AWS credentials and a Region, as the AWS CLI does: set AWS_PROFILE, or --region.`,
    );
  }
}

const { credentials, region } = await begin();
const report = await diagnose(read, {
  ports: createAwsPorts(clients),
  clock: systemClock,
  region,
  credentials,
  variables: process.env,
});
console.log(read.json ? jsonOf(report) : textOf(report));
process.exitCode = exitCodeOf(report.findings, read.acceptNotChecked);
