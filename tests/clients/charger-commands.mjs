// A charger that does all that it is told to, through npm ocpp-rpc in strict mode: it holds every CALL of ours, and every answer of ours to what comes of it, to OCPP's own schemas,
// those of the security white paper too.
// usage: node charger-commands.mjs ENDPOINT IDENTITY; prints one JSON object a line: {"ready":true}, {"answered":ACTION,"params":…} per command, and the last one {"done":[ACTION…]}, what it said itself.
// Commands on standard input, one a line: "end" ends the life.
import { createInterface } from 'node:readline';
import { RPCClient } from 'ocpp-rpc';

const [endpoint, identity] = process.argv.slice(2);
const say = (what) => console.log(JSON.stringify(what));
const client = new RPCClient({ endpoint, identity, protocols: ['ocpp1.6'], strictMode: true, reconnect: false });
client.on('strictValidationFailure', ({ method, outbound, error }) => say({ strictValidationFailure: `${outbound ? 'our' : 'their'} ${method}: ${error.message}` }));
client.on('badMessage', ({ error }) => say({ strictValidationFailure: `a frame that is none: ${error.message}` }));

const now = () => new Date().toISOString();
const accepted = () => ({ status: 'Accepted' });
const hashes = { hashAlgorithm: 'SHA256', issuerNameHash: 'a'.repeat(64), issuerKeyHash: 'b'.repeat(64), serialNumber: '01' };
const answers = {
  UnlockConnector: () => ({ status: 'Unlocked' }),
  ChangeAvailability: () => ({ status: 'Scheduled' }),
  ChangeConfiguration: () => ({ status: 'RebootRequired' }),
  GetConfiguration: ({ key }) => ({ configurationKey: [{ key: key?.[0] ?? 'HeartbeatInterval', readonly: false, value: '300' }], unknownKey: key?.slice(1) ?? [] }),
  UpdateFirmware: () => ({}),
  GetDiagnostics: () => ({ fileName: 'diagnostics.zip' }),
  GetLog: () => ({ status: 'Accepted', filename: 'security.log' }),
  DataTransfer: ({ data }) => ({ status: 'Accepted', data }),
  GetLocalListVersion: () => ({ listVersion: 3 }),
  GetCompositeSchedule: ({ connectorId, duration, chargingRateUnit }) => ({
    status: 'Accepted', connectorId, scheduleStart: now(),
    chargingSchedule: { duration, chargingRateUnit: chargingRateUnit ?? 'W', minChargingRate: 1380.5, chargingSchedulePeriod: [{ startPeriod: 0, limit: 11000.1, numberPhases: 3 }] },
  }),
  GetInstalledCertificateIds: () => ({ status: 'Accepted', certificateHashData: [hashes] }),
};

// What a charger does after it has answered.
const said = new Set();
const call = async (action, payload) => { const answer = await client.call(action, payload); said.add(action); return answer; };
const status = (action, more = {}) => async (...states) => { for (const state of states) await call(action, { status: state, ...more }); };
const triggered = {
  BootNotification: () => call('BootNotification', { chargePointVendor: 'Acme', chargePointModel: 'One' }),
  Heartbeat: () => call('Heartbeat', {}),
  StatusNotification: (connectorId) => call('StatusNotification', { connectorId: connectorId ?? 0, errorCode: 'NoError', status: 'Available', timestamp: now() }),
  LogStatusNotification: () => status('LogStatusNotification')('Idle'),
  SignChargePointCertificate: () => call('SignCertificate', { csr: '-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----' }),
};
const trigger = ({ requestedMessage, connectorId }) => triggered[requestedMessage](connectorId);
let transaction;
const afterwards = {
  RemoteStartTransaction: async ({ connectorId, idTag }) => {
    ({ transactionId: transaction } = await call('StartTransaction', { connectorId: connectorId ?? 1, idTag, meterStart: 1000, timestamp: now() }));
    say({ started: transaction });
  },
  RemoteStopTransaction: async ({ transactionId }) => {
    await call('StopTransaction', { transactionId, meterStop: 1500, timestamp: now(), reason: 'Remote' });
    say({ stopped: transactionId });
  },
  TriggerMessage: trigger,
  ExtendedTriggerMessage: trigger,
  UpdateFirmware: () => status('FirmwareStatusNotification')('Downloading', 'Downloaded', 'Installing', 'Installed'),
  SignedUpdateFirmware: ({ requestId }) => status('SignedFirmwareStatusNotification', { requestId })('Downloading', 'SignatureVerified', 'Installed'),
  GetDiagnostics: () => status('DiagnosticsStatusNotification')('Uploading', 'Uploaded'),
  GetLog: ({ requestId }) => status('LogStatusNotification', { requestId })('Uploading', 'Uploaded'),
  InstallCertificate: () => call('SecurityEventNotification', { type: 'SettingSystemTime', timestamp: now() }),
};

const doings = [];
client.handle(({ method, params }) => {
  setImmediate(() => {
    say({ answered: method, params });
    if (afterwards[method]) doings.push(afterwards[method](params));
  });
  return (answers[method] ?? accepted)(params);
});

await client.connect();
await call('BootNotification', { chargePointVendor: 'Acme', chargePointModel: 'One' });
say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === 'end') break;
}
await Promise.all(doings);
await client.close({ code: 1000 });
say({ done: [...said] });
process.exit(0);
