// A webhook receiver that trusts nobody: npm standardwebhooks checks every signature.
// usage: node receiver.mjs SECRET [PORT]; prints {"port":N}, then one JSON object per delivery.
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

// The library wants base64; a secret that is not whsec_ is its UTF-8 bytes.
const secret = process.argv[2];
const verifier = new Webhook(secret.startsWith('whsec_') ? secret : new TextEncoder().encode(secret), secret.startsWith('whsec_') ? undefined : { format: 'raw' });
const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
    const body = Buffer.concat(chunks).toString('utf8');
    try {
      const payload = verifier.verify(body, request.headers);
      console.log(JSON.stringify({ verified: true, id: request.headers['webhook-id'], event: payload.event, chargeBoxId: payload.data.chargeBoxId }));
      response.writeHead(204).end();
    } catch (error) {
      console.log(JSON.stringify({ verified: false, error: String(error) }));
      response.writeHead(401).end();
    }
  });
});
server.listen(Number(process.argv[3] ?? 0), '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
process.stdin.on('end', () => process.exit(0)).resume();
