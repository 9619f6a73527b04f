// A browser's EventSource, as Node has it, reads the event stream. It can send no headers, so a proxy adds the key, as the server of a web application would;
// a line "cut" on standard input cuts what goes through the proxy.
// usage: node --experimental-eventsource event-source.mjs URL KEY TYPE...; prints {"open":true}, then one JSON object per event.
import { createServer, request } from 'node:http';
import { createInterface } from 'node:readline';

const [url, key, ...types] = process.argv.slice(2);
const open = new Set();
const proxy = createServer((incoming, outgoing) => {
  const upstream = request(url + incoming.url, { headers: { ...incoming.headers, host: new URL(url).host, 'x-api-key': key } }, (answer) => {
    console.log(JSON.stringify({ asked: incoming.headers['last-event-id'] ?? '' }));
    outgoing.writeHead(answer.statusCode, answer.headers);
    outgoing.flushHeaders();
    answer.pipe(outgoing);
  });
  open.add(outgoing.socket);
  upstream.on('error', () => outgoing.destroy()).end();
  outgoing.on('close', () => upstream.destroy());
});
proxy.listen(0, '127.0.0.1', () => {
  const source = new EventSource(`http://127.0.0.1:${proxy.address().port}/api/v1/events/stream`);
  source.onopen = () => console.log(JSON.stringify({ open: true }));
  source.onerror = () => console.error(`state ${source.readyState}`);
  for (const type of types) {
    source.addEventListener(type, (event) => console.log(JSON.stringify({ type: event.type, id: event.lastEventId, event: JSON.parse(event.data).event, data: event.data })));
  }
});
createInterface({ input: process.stdin }).on('line', () => {
  for (const socket of open) socket.destroy();
  open.clear();
}).on('close', () => process.exit(0));
