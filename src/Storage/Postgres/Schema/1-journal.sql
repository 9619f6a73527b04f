-- States are rewritten for ever: room on the page keeps a rewrite from touching the index.
CREATE TABLE capacitor.states (
    name text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    payload bytea,
    PRIMARY KEY (name, key)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);

-- The lock on a head, held until its transaction ends, is what makes positions visible in order.
CREATE TABLE capacitor.partitions (
    partition integer PRIMARY KEY,
    head bigint NOT NULL
) WITH (fillfactor = 20);

-- Apart from the heads, so that a reader that notes how far it is holds up no writer.
CREATE TABLE capacitor.checkpoints (
    partition integer PRIMARY KEY,
    position bigint NOT NULL
) WITH (fillfactor = 20);

CREATE TABLE capacitor.events (
    partition integer NOT NULL,
    position bigint NOT NULL,
    id text NOT NULL,
    type text NOT NULL,
    tenant text COLLATE "C" NOT NULL,
    charge_box_id text NOT NULL,
    at timestamptz NOT NULL,
    body bytea NOT NULL,
    trace_parent text,
    PRIMARY KEY (partition, position)
);
CREATE INDEX events_by_tenant ON capacitor.events (tenant, position);

-- The keys are the ids in upper case: ids that differ only in case are one charger.
CREATE TABLE capacitor.chargers (
    key text COLLATE "C" PRIMARY KEY,
    id text COLLATE "C" NOT NULL,
    charge_box_id text NOT NULL,
    tenant text COLLATE "C" NOT NULL,
    name text,
    location text,
    registered_at timestamptz NOT NULL,
    is_online boolean NOT NULL,
    vendor text,
    model text,
    serial_number text,
    firmware_version text,
    last_heartbeat timestamptz,
    assume_protocol text,
    gateway_id text COLLATE "C",
    epoch bigint NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX chargers_by_registration ON capacitor.chargers (tenant, registered_at, id);
CREATE INDEX chargers_online ON capacitor.chargers (gateway_id) WHERE is_online;

CREATE TABLE capacitor.transactions (
    id integer PRIMARY KEY,
    tenant text COLLATE "C" NOT NULL,
    charge_box_id text NOT NULL,
    charger_key text COLLATE "C" NOT NULL,
    connector_id integer NOT NULL,
    id_tag text NOT NULL,
    meter_start bigint NOT NULL,
    start_time timestamptz NOT NULL,
    meter_stop bigint,
    stop_time timestamptz,
    stop_reason text,
    meter_last bigint,
    remote_started boolean NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX transactions_by_tenant ON capacitor.transactions (tenant, id);
CREATE INDEX transactions_by_charger ON capacitor.transactions (tenant, charger_key, id);
CREATE INDEX transactions_open ON capacitor.transactions (tenant, id) WHERE stop_time IS NULL;

-- Many commits as one: all or nothing, in one round trip, so that no lock ever waits for a client. Rows are taken in the order of the arrays, which
-- callers sort; tables in the order below; heads last, for theirs are the locks that others wait for. Raises CAP01 when a state has another version.
-- A later version of the program that needs another shape adds another function: programs of two versions may run together.
CREATE FUNCTION capacitor.commit_1(
    update_names text[], update_keys text[], update_versions bigint[], update_payloads bytea[],
    insert_names text[], insert_keys text[], insert_payloads bytea[],
    absent_names text[], absent_keys text[],
    charger_keys text[], charger_ids text[], charger_names_of_box text[], charger_tenants text[], charger_names text[], charger_locations text[],
    charger_registrations timestamptz[], charger_online boolean[], charger_vendors text[], charger_models text[], charger_serials text[],
    charger_firmwares text[], charger_heartbeats timestamptz[], charger_protocols text[], charger_gateways text[], charger_epochs bigint[],
    removed_charger_keys text[],
    transaction_ids integer[], transaction_tenants text[], transaction_boxes text[], transaction_chargers text[], transaction_connectors integer[],
    transaction_tags text[], transaction_meter_starts bigint[], transaction_starts timestamptz[], transaction_meter_stops bigint[],
    transaction_stops timestamptz[], transaction_reasons text[], transaction_meter_lasts bigint[], transaction_remotes boolean[],
    head_partitions integer[], head_counts integer[],
    event_slots integer[], event_offsets integer[], event_ids text[], event_types text[], event_tenants text[], event_boxes text[],
    event_times timestamptz[], event_bodies bytea[], event_traces text[])
RETURNS bigint[]
LANGUAGE plpgsql
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan -- a plan for these very arrays looks cheaper, and costs more to make than it saves
AS $function$
DECLARE
    heads bigint[];
    affected integer;
BEGIN
    IF cardinality(update_names) > 0 THEN
        UPDATE capacitor.states s SET version = s.version + 1, payload = w.payload
        FROM unnest(update_names, update_keys, update_versions, update_payloads) AS w(name, key, version, payload)
        WHERE s.name = w.name AND s.key = w.key AND s.version = w.version;
        GET DIAGNOSTICS affected = ROW_COUNT;
        IF affected < cardinality(update_names) THEN
            RAISE EXCEPTION 'a state has another version' USING ERRCODE = 'CAP01';
        END IF;
    END IF;
    IF cardinality(insert_names) > 0 THEN
        INSERT INTO capacitor.states(name, key, version, payload)
        SELECT w.name, w.key, 1, w.payload FROM unnest(insert_names, insert_keys, insert_payloads) AS w(name, key, payload)
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS affected = ROW_COUNT;
        IF affected < cardinality(insert_names) THEN
            RAISE EXCEPTION 'a state is there already' USING ERRCODE = 'CAP01';
        END IF;
    END IF;
    IF cardinality(absent_names) > 0 AND EXISTS (
        SELECT FROM capacitor.states s JOIN unnest(absent_names, absent_keys) AS w(name, key) ON s.name = w.name AND s.key = w.key) THEN
        RAISE EXCEPTION 'a state is there already' USING ERRCODE = 'CAP01';
    END IF;
    IF cardinality(charger_keys) > 0 THEN
        INSERT INTO capacitor.chargers(key, id, charge_box_id, tenant, name, location, registered_at, is_online, vendor, model, serial_number,
            firmware_version, last_heartbeat, assume_protocol, gateway_id, epoch)
        SELECT * FROM unnest(charger_keys, charger_ids, charger_names_of_box, charger_tenants, charger_names, charger_locations,
            charger_registrations, charger_online, charger_vendors, charger_models, charger_serials,
            charger_firmwares, charger_heartbeats, charger_protocols, charger_gateways, charger_epochs)
        ON CONFLICT (key) DO UPDATE SET id = excluded.id, charge_box_id = excluded.charge_box_id, tenant = excluded.tenant, name = excluded.name,
            location = excluded.location, registered_at = excluded.registered_at, is_online = excluded.is_online, vendor = excluded.vendor,
            model = excluded.model, serial_number = excluded.serial_number, firmware_version = excluded.firmware_version,
            last_heartbeat = excluded.last_heartbeat, assume_protocol = excluded.assume_protocol, gateway_id = excluded.gateway_id, epoch = excluded.epoch;
    END IF;
    IF cardinality(removed_charger_keys) > 0 THEN
        DELETE FROM capacitor.chargers c USING unnest(removed_charger_keys) AS w(key) WHERE c.key = w.key;
    END IF;
    IF cardinality(transaction_ids) > 0 THEN
        INSERT INTO capacitor.transactions(id, tenant, charge_box_id, charger_key, connector_id, id_tag, meter_start, start_time, meter_stop, stop_time,
            stop_reason, meter_last, remote_started)
        SELECT * FROM unnest(transaction_ids, transaction_tenants, transaction_boxes, transaction_chargers, transaction_connectors,
            transaction_tags, transaction_meter_starts, transaction_starts, transaction_meter_stops, transaction_stops,
            transaction_reasons, transaction_meter_lasts, transaction_remotes)
        ON CONFLICT (id) DO UPDATE SET tenant = excluded.tenant, charge_box_id = excluded.charge_box_id, charger_key = excluded.charger_key,
            connector_id = excluded.connector_id, id_tag = excluded.id_tag, meter_start = excluded.meter_start, start_time = excluded.start_time,
            meter_stop = excluded.meter_stop, stop_time = excluded.stop_time, stop_reason = excluded.stop_reason, meter_last = excluded.meter_last,
            remote_started = excluded.remote_started;
    END IF;
    IF cardinality(head_partitions) > 0 THEN
        WITH moved AS (
            UPDATE capacitor.partitions p SET head = p.head + w.count
            FROM unnest(head_partitions, head_counts) AS w(partition, count)
            WHERE p.partition = w.partition
            RETURNING p.partition, p.head)
        SELECT array_agg(m.head ORDER BY m.partition) INTO heads FROM moved m;
        INSERT INTO capacitor.events(partition, position, id, type, tenant, charge_box_id, at, body, trace_parent)
        SELECT head_partitions[e.slot], heads[e.slot] - head_counts[e.slot] + e.nth, e.id, e.type, e.tenant, e.box, e.at, e.body, e.trace
        FROM unnest(event_slots, event_offsets, event_ids, event_types, event_tenants, event_boxes, event_times, event_bodies, event_traces)
            AS e(slot, nth, id, type, tenant, box, at, body, trace);
    END IF;
    RETURN heads;
END
$function$;
