import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface CliResult {
  readonly output: string;
  /** What it wrote where it failed; empty where it did not. */
  readonly error: string;
}

/** There is no `aws` to run. */
export class AwsCliMissing extends Error {
  override readonly name = 'AwsCliMissing';
}

/** The AWS CLI pointed at a stand-in, with nothing of this machine's own AWS settings. */
export function createAwsCli(place: {
  readonly endpointUrl: string;
  readonly region: string;
}): (...parameters: readonly string[]) => Promise<CliResult> {
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
    NO_PROXY: '127.0.0.1',
    PYTHONUTF8: '1',
  };
  return async (...parameters) => {
    const all = [...parameters, '--endpoint-url', place.endpointUrl, '--region', place.region];
    try {
      const { stdout } = await run('aws', all, { env });
      return { output: stdout, error: '' };
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
        throw new AwsCliMissing('There is no AWS CLI on this machine', { cause: error });
      }
      const stderr = error instanceof Error && 'stderr' in error ? error.stderr : error;
      return { output: '', error: String(stderr).trim() };
    }
  };
}
