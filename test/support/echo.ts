import { once } from 'node:events';
import { createServer } from 'node:http';

/** A program for tests of programs: answers 200 on PORT, and ends on SIGTERM. */
const server = createServer((_request, response) => response.end('ok'));
server.listen(Number(process.env['PORT']), '127.0.0.1');
await once(server, 'listening');
const address = server.address();
process.stdout.write(`ready on ${typeof address === 'object' ? address?.port : address}\n`);
await once(process, 'SIGTERM');
server.close();
server.closeAllConnections();
process.stdout.write('stopped\n');
