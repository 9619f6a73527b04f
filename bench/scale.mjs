// What a fleet needs, from what was measured on two cores: reads bench/scale.json, prints the tables of docs/scale.md.
//   node bench/scale.mjs
import { readFileSync } from 'node:fs';

const { measured: m, fleet: f, limits: l } = JSON.parse(readFileSync(new URL('scale.json', import.meta.url), 'utf8'));

const day = 86_400;
const round = (value, digits = 2) => Number(value.toPrecision(digits));
const show = value => round(value).toLocaleString('en-US', { maximumFractionDigits: 2 });
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n');

function demand(chargers) {
  const charging = chargers * f.sessionsPerDay * f.sessionHours / 24;
  const sessions = chargers * f.sessionsPerDay / day;
  const meters = charging / f.meterSeconds;
  const calls = chargers / f.heartbeatSeconds + meters + sessions * f.callsPerSession;
  const events = meters + sessions * f.eventsPerSession;
  return { calls, events, peakCalls: calls * f.peakFactor, peakEvents: events * f.peakFactor };
}

function need(chargers) {
  const { calls, events, peakCalls, peakEvents } = demand(chargers);
  const cores = milliseconds => peakCalls * milliseconds / 1000 / f.utilisation;
  const pings = chargers * m.idleCorePercentPerThousand / 1000 / 100 / f.utilisation;
  const apis = Math.max(2, Math.ceil(chargers / l.socketsPerApi));
  const siloCores = cores(m.siloCpuMs);
  const silos = Math.max(3, Math.ceil(siloCores / l.coresPerSilo));
  return {
    calls, events, peakCalls, peakEvents, apis, silos, siloCores,
    apiCores: cores(m.apiCpuMs) + pings,
    databaseCores: cores(m.databaseCpuMs),
    memoryGiB: (chargers * m.idleKiB / 1024 + (apis + silos) * m.processMiB) / 1024,
    commits: peakEvents,
    logMiB: peakCalls * m.logBytesPerCall / 2 ** 20,
    storedGiB: events * day * f.retentionDays * m.databaseBytesPerEvent / 2 ** 30,
  };
}

const sizes = [10_000, 100_000, 1_000_000];
const needs = sizes.map(need);
const row = (name, pick) => [name, ...needs.map(n => show(pick(n)))];
const million = needs.at(-1);
const share = (name, value, limit, unit) => [name, `${show(value)} ${unit}`, `${show(limit)} ${unit}`, `${show(value / limit * 100)} %`];
const partitionShare = f.largestTenantShare;

console.log(table(['chargers', ...sizes.map(size => size.toLocaleString('en-US'))], [
  row('calls/s, mean', n => n.calls),
  row(`calls/s, peak (× ${f.peakFactor})`, n => n.peakCalls),
  row('events/s = commits/s = POSTs/s to one webhook, peak', n => n.peakEvents),
  row('Api processes', n => n.apis),
  row('Api cores', n => n.apiCores),
  row('silo processes', n => n.silos),
  row('silo cores', n => n.siloCores),
  row('memory of Apis and silos, GiB', n => n.memoryGiB),
  row('PostgreSQL cores', n => n.databaseCores),
  row('PostgreSQL log, MiB/s at peak', n => n.logMiB),
  row(`events of ${f.retentionDays} days, GiB`, n => n.storedGiB),
]));
console.log();
console.log(table(['1,000,000 chargers against', 'needed at peak', 'limit', 'used'], [
  share('one database, commits/s', million.commits, l.commitsPerDatabase, '/s'),
  share(`one partition: a tenant with ${f.largestTenantShare * 100} % of all, events/s`, million.peakEvents * partitionShare, l.eventsPerPartition, '/s'),
  share('deliveries of such a tenant to one webhook, POSTs/s', million.peakEvents * partitionShare, l.postsPerWebhook, '/s'),
  share('events on one disk', million.storedGiB, l.diskGiB, 'GiB'),
]));
