import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';

/** A bare page of the kind a load balancer answers by itself, naming it in the `Server` header. */
export function answerAsLoadBalancer(response: ServerResponse, status: number): void {
  const title = `${String(status)} ${status === 401 ? 'Authorization Required' : (STATUS_CODES[status] ?? '')}`;
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  response.writeHead(status, {
    server: 'awselb/2.0',
    'content-type': 'text/html',
    'content-length': Buffer.byteLength(page),
    'cache-control': 'no-store',
  });
  response.end(page);
}
