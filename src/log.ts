/**
 * Structured logging: the message is constant, what varies is in the fields. Never a token, a
 * certificate, a key or a whole header.
 */
export interface Log {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export type LogFields = Readonly<Record<string, unknown>>;
