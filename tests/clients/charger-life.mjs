// One charger's whole life through npm ocpp-rpc in strict mode: it validates every frame of ours against OCPP's own schemas.
// usage: node charger-life.mjs ENDPOINT IDENTITY [PASSWORD [CA [CERTIFICATE KEY]]]; the last three are files in PEM, for wss; prints one JSON object a line, the last one {"done":true}.
// Commands on standard input, one a line: "end" ends the life.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { RPCClient } from 'ocpp-rpc';

const [endpoint, identity, password, ...files] = process.argv.slice(2);
const [ca, cert, key] = files.map((file) => readFileSync(file));
const say = (what) => console.log(JSON.stringify(what));
const client = new RPCClient({
  endpoint, identity, password: password || undefined, wsOpts: ca ? { ca, cert, key } : {}, protocols: ['ocpp1.6'], strictMode: true, reconnect: false,
});
client.on('strictValidationFailure', (failure) => say({ strictValidationFailure: String(failure.error ?? failure) }));

let remoteTransaction;
client.handle('RemoteStartTransaction', ({ params }) => {
  setImmediate(async () => {
    const { transactionId } = await client.call('StartTransaction', {
      connectorId: params.connectorId ?? 1, idTag: params.idTag, meterStart: 20000, timestamp: new Date().toISOString(),
    });
    remoteTransaction = transactionId;
    say({ remoteTransaction });
  });
  return { status: 'Accepted' };
});
client.handle('RemoteStopTransaction', ({ params }) => {
  if (params.transactionId !== remoteTransaction) return { status: 'Rejected' };
  setImmediate(async () => {
    await client.call('StopTransaction', { transactionId: remoteTransaction, meterStop: 20500, timestamp: new Date().toISOString(), reason: 'Remote' });
    say({ remoteStopped: remoteTransaction });
  });
  return { status: 'Accepted' };
});
client.handle('Reset', ({ params }) => { say({ reset: params.type }); return { status: 'Accepted' }; });

await client.connect();
const call = async (action, payload) => { const answer = await client.call(action, payload); say({ action, answer }); return answer; };

await call('BootNotification', { chargePointVendor: 'Acme', chargePointModel: 'One', chargePointSerialNumber: 'S-1', firmwareVersion: '1.2.3' });
await call('Heartbeat', {});
await call('StatusNotification', { connectorId: 0, errorCode: 'NoError', status: 'Available' });
await call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Preparing', timestamp: new Date().toISOString() });
await call('Authorize', { idTag: 'USER001' });
const { transactionId } = await call('StartTransaction', { connectorId: 1, idTag: 'USER001', meterStart: 1000, timestamp: new Date().toISOString() });
await call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Charging' });
await call('MeterValues', {
  connectorId: 1, transactionId,
  meterValue: [{ timestamp: new Date().toISOString(), sampledValue: [
    { value: '1500', measurand: 'Energy.Active.Import.Register', unit: 'Wh', context: 'Sample.Periodic' },
    { value: '11.04', measurand: 'Power.Active.Import', unit: 'kW' },
  ] }],
});
await call('StopTransaction', { transactionId, idTag: 'USER001', meterStop: 15000, timestamp: new Date().toISOString(), reason: 'Local' });
await call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' });
await call('DataTransfer', { vendorId: 'Acme', messageId: 'hello', data: 'x' });
await call('FirmwareStatusNotification', { status: 'Idle' });
await call('DiagnosticsStatusNotification', { status: 'Idle' });
say({ ready: true });

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === 'end') break;
}
await client.close({ code: 1000 });
say({ done: true });
process.exit(0);
