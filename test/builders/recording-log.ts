import type { Log, LogFields } from '../../src/log.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

export interface RecordingLog extends Log {
  readonly lines: readonly LogLine[];
  /** The messages alone, in order. */
  messages(): readonly string[];
}

export function createRecordingLog(): RecordingLog {
  const lines: LogLine[] = [];
  const at = (level: LogLine['level']) => (fields: LogFields, message: string) => {
    lines.push({ level, message, fields });
  };
  return {
    lines,
    messages: () => lines.map(({ message }) => message),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
}
