/** An error as a service of AWS answers it: `code` and `message` are what a client gets to see. */
export class ServiceFault extends Error {
  override readonly name = 'ServiceFault';
  readonly code: string;
  /** The HTTP status. */
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
