/** An error as EventBridge answers it: `code` becomes `__type`. */
export class EventBridgeError extends Error {
  override readonly name = 'EventBridgeError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Anything about a request's form. */
export function validationError(what: string): EventBridgeError {
  return new EventBridgeError('ValidationException', `1 validation error detected: ${what}`);
}
