-- Indexes hold only what they are asked for: most events tell of no transaction, most chargers wait for nothing.
-- That of the events reads them all while commits wait. Whoever has very many makes column and index before the upgrade, CONCURRENTLY.
ALTER TABLE capacitor.events ADD COLUMN IF NOT EXISTS transaction_id integer;
CREATE INDEX IF NOT EXISTS events_by_transaction ON capacitor.events (transaction_id, position) WHERE transaction_id IS NOT NULL;

ALTER TABLE capacitor.chargers ADD COLUMN watch_at timestamptz;
CREATE INDEX chargers_due ON capacitor.chargers (watch_at) WHERE watch_at IS NOT NULL;

-- Tags that differ only in case are one; which letters that concerns must not depend on how the database was made.
CREATE INDEX transactions_open_by_tag ON capacitor.transactions (tenant, upper(id_tag COLLATE "C")) WHERE stop_time IS NULL;

-- The rows of all other lists. What changes most, the status, is in no index, so that a rewrite stays on its page.
CREATE TABLE capacitor.records (
    tenant text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    charge_box_id text,
    charger_key text COLLATE "C",
    parent text COLLATE "C",
    status text COLLATE "C",
    at timestamptz NOT NULL,
    expires_at timestamptz,
    body bytea NOT NULL,
    PRIMARY KEY (tenant, kind, id)
) WITH (fillfactor = 80);
CREATE INDEX records_by_time ON capacitor.records (tenant, kind, at, id);
CREATE INDEX records_by_charger ON capacitor.records (tenant, kind, charger_key, at, id) WHERE charger_key IS NOT NULL;
CREATE INDEX records_by_parent ON capacitor.records (tenant, kind, parent, at, id) WHERE parent IS NOT NULL;
CREATE INDEX records_expiring ON capacitor.records (expires_at) WHERE expires_at IS NOT NULL;

-- As commit_2, with records, the transactions that events tell of, and when chargers want to be looked at. Processes of the version before go on calling
-- commit_2, which leaves watch_at as it is and knows nothing of the rest.
CREATE FUNCTION capacitor.commit_3(
    update_names text[], update_keys text[], update_versions bigint[], update_payloads bytea[],
    insert_names text[], insert_keys text[], insert_payloads bytea[],
    absent_names text[], absent_keys text[],
    charger_keys text[], charger_ids text[], charger_names_of_box text[], charger_tenants text[], charger_names text[], charger_locations text[],
    charger_registrations timestamptz[], charger_online boolean[], charger_vendors text[], charger_models text[], charger_serials text[],
    charger_firmwares text[], charger_heartbeats timestamptz[], charger_protocols text[], charger_gateways text[], charger_epochs bigint[],
    charger_watches timestamptz[], removed_charger_keys text[],
    transaction_ids integer[], transaction_tenants text[], transaction_boxes text[], transaction_chargers text[], transaction_connectors integer[],
    transaction_tags text[], transaction_meter_starts bigint[], transaction_starts timestamptz[], transaction_meter_stops bigint[],
    transaction_stops timestamptz[], transaction_reasons text[], transaction_meter_lasts bigint[], transaction_remotes boolean[],
    head_partitions integer[], head_counts integer[],
    event_slots integer[], event_offsets integer[], event_ids text[], event_types text[], event_tenants text[], event_boxes text[],
    event_times timestamptz[], event_bodies bytea[], event_traces text[],
    tenant_names text[], tenant_counts integer[],
    event_tenant_slots integer[], event_tenant_offsets integer[], event_charger_sequences bigint[], event_transactions integer[],
    record_tenants text[], record_kinds text[], record_ids text[], record_boxes text[], record_chargers text[], record_parents text[],
    record_statuses text[], record_times timestamptz[], record_expiries timestamptz[], record_bodies bytea[],
    removed_record_tenants text[], removed_record_kinds text[], removed_record_ids text[])
RETURNS bigint[]
LANGUAGE plpgsql
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan -- a plan for these very arrays looks cheaper, and costs more to make than it saves
AS $function$
DECLARE
    heads bigint[];
    sequences bigint[];
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
            firmware_version, last_heartbeat, assume_protocol, gateway_id, epoch, watch_at)
        SELECT * FROM unnest(charger_keys, charger_ids, charger_names_of_box, charger_tenants, charger_names, charger_locations,
            charger_registrations, charger_online, charger_vendors, charger_models, charger_serials,
            charger_firmwares, charger_heartbeats, charger_protocols, charger_gateways, charger_epochs, charger_watches)
        ON CONFLICT (key) DO UPDATE SET id = excluded.id, charge_box_id = excluded.charge_box_id, tenant = excluded.tenant, name = excluded.name,
            location = excluded.location, registered_at = excluded.registered_at, is_online = excluded.is_online, vendor = excluded.vendor,
            model = excluded.model, serial_number = excluded.serial_number, firmware_version = excluded.firmware_version,
            last_heartbeat = excluded.last_heartbeat, assume_protocol = excluded.assume_protocol, gateway_id = excluded.gateway_id, epoch = excluded.epoch,
            watch_at = excluded.watch_at;
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
    IF cardinality(record_ids) > 0 THEN
        INSERT INTO capacitor.records(tenant, kind, id, charge_box_id, charger_key, parent, status, at, expires_at, body)
        SELECT * FROM unnest(record_tenants, record_kinds, record_ids, record_boxes, record_chargers, record_parents, record_statuses, record_times,
            record_expiries, record_bodies)
        ON CONFLICT (tenant, kind, id) DO UPDATE SET charge_box_id = excluded.charge_box_id, charger_key = excluded.charger_key, parent = excluded.parent,
            status = excluded.status, at = excluded.at, expires_at = excluded.expires_at, body = excluded.body;
    END IF;
    IF cardinality(removed_record_ids) > 0 THEN
        DELETE FROM capacitor.records r USING unnest(removed_record_tenants, removed_record_kinds, removed_record_ids) AS w(tenant, kind, id)
        WHERE r.tenant = w.tenant AND r.kind = w.kind AND r.id = w.id;
    END IF;
    IF cardinality(head_partitions) > 0 THEN
        WITH moved AS (
            UPDATE capacitor.partitions p SET head = p.head + w.count
            FROM unnest(head_partitions, head_counts) AS w(partition, count)
            WHERE p.partition = w.partition
            RETURNING p.partition, p.head)
        SELECT array_agg(m.head ORDER BY m.partition) INTO heads FROM moved m;
        WITH moved AS (
            UPDATE capacitor.tenant_heads t SET head = t.head + w.count
            FROM unnest(tenant_names, tenant_counts) WITH ORDINALITY AS w(tenant, count, slot)
            WHERE t.tenant = w.tenant
            RETURNING w.slot, t.head)
        SELECT array_agg(m.head ORDER BY m.slot) INTO sequences FROM moved m;
        IF cardinality(sequences) IS DISTINCT FROM cardinality(tenant_names) THEN -- some have their first event
            INSERT INTO capacitor.tenant_heads(tenant, head)
            SELECT w.tenant, w.count FROM unnest(tenant_names, tenant_counts) AS w(tenant, count)
            WHERE NOT EXISTS (SELECT FROM capacitor.tenant_heads t WHERE t.tenant = w.tenant);
            SELECT array_agg(t.head ORDER BY w.slot) INTO sequences
            FROM unnest(tenant_names) WITH ORDINALITY AS w(tenant, slot) JOIN capacitor.tenant_heads t ON t.tenant = w.tenant;
        END IF;
        INSERT INTO capacitor.events(partition, position, id, type, tenant, charge_box_id, at, body, trace_parent, sequence, charger_sequence,
            transaction_id)
        SELECT head_partitions[e.slot], heads[e.slot] - head_counts[e.slot] + e.nth, e.id, e.type, e.tenant, e.box, e.at, e.body, e.trace,
            sequences[e.tenant_slot] - tenant_counts[e.tenant_slot] + e.tenant_nth, e.charger_sequence, e.transaction
        FROM unnest(event_slots, event_offsets, event_ids, event_types, event_tenants, event_boxes, event_times, event_bodies, event_traces,
                event_tenant_slots, event_tenant_offsets, event_charger_sequences, event_transactions)
            AS e(slot, nth, id, type, tenant, box, at, body, trace, tenant_slot, tenant_nth, charger_sequence, transaction);
    END IF;
    RETURN heads || sequences;
END
$function$;
