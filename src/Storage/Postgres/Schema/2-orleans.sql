-- Orleans' ADO.NET providers find their queries in this table, by these names, and look no further: the tables behind them are ours.
CREATE TABLE capacitor.orleansquery (
    querykey text PRIMARY KEY,
    querytext text NOT NULL
);

CREATE TABLE capacitor.cluster_versions (
    deployment_id text COLLATE "C" PRIMARY KEY,
    version integer NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE capacitor.cluster_members (
    deployment_id text COLLATE "C" NOT NULL REFERENCES capacitor.cluster_versions,
    address text COLLATE "C" NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    silo_name text NOT NULL,
    host_name text NOT NULL,
    status integer NOT NULL,
    proxy_port integer NOT NULL,
    suspect_times text,
    start_time timestamptz NOT NULL,
    i_am_alive_time timestamptz NOT NULL,
    PRIMARY KEY (deployment_id, address, port, generation)
) WITH (fillfactor = 50);

CREATE TABLE capacitor.reminders (
    service_id text COLLATE "C" NOT NULL,
    grain_id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    start_time timestamptz NOT NULL,
    period bigint NOT NULL,
    grain_hash integer NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (service_id, grain_id, name)
);
CREATE INDEX reminders_by_hash ON capacitor.reminders (service_id, grain_hash);

-- The key is what makes the second of two first writes lose; see ON CONFLICT below.
CREATE TABLE capacitor.grain_states (
    service_id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    n0 bigint NOT NULL,
    n1 bigint NOT NULL,
    extension text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    payload bytea,
    modified_at timestamptz NOT NULL,
    PRIMARY KEY (service_id, name, extension, n0, n1)
) WITH (fillfactor = 70);

INSERT INTO capacitor.orleansquery VALUES
('InsertMembershipVersionKey', $query$
    WITH added AS (
        INSERT INTO capacitor.cluster_versions(deployment_id, version) VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT EXISTS (SELECT FROM added)
$query$),
-- Every change of the members moves the version; whoever read an older one changes nothing.
('InsertMembershipKey', $query$
    WITH moved AS (
        UPDATE capacitor.cluster_versions SET version = version + 1
        WHERE deployment_id = @DeploymentId AND version = @Version AND NOT EXISTS (
            SELECT FROM capacitor.cluster_members
            WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING 1),
    added AS (
        INSERT INTO capacitor.cluster_members(deployment_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, i_am_alive_time)
        SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM moved
        RETURNING 1)
    SELECT EXISTS (SELECT FROM added)
$query$),
('UpdateMembershipKey', $query$
    WITH moved AS (
        UPDATE capacitor.cluster_versions SET version = version + 1
        WHERE deployment_id = @DeploymentId AND version = @Version AND EXISTS (
            SELECT FROM capacitor.cluster_members
            WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING 1),
    changed AS (
        UPDATE capacitor.cluster_members SET status = @Status, suspect_times = @SuspectTimes::text, i_am_alive_time = @IAmAliveTime FROM moved
        WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
        RETURNING 1)
    SELECT EXISTS (SELECT FROM changed)
$query$),
('UpdateIAmAlivetimeKey', $query$
    UPDATE capacitor.cluster_members SET i_am_alive_time = @IAmAliveTime
    WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$query$),
('MembershipReadRowKey', $query$
    SELECT v.version AS Version, m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName, m.host_name AS HostName,
        m.status AS Status, m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes, m.start_time AS StartTime, m.i_am_alive_time AS IAmAliveTime
    FROM capacitor.cluster_versions v LEFT JOIN capacitor.cluster_members m
        ON m.deployment_id = v.deployment_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
    WHERE v.deployment_id = @DeploymentId
$query$),
('MembershipReadAllKey', $query$
    SELECT v.version AS Version, m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName, m.host_name AS HostName,
        m.status AS Status, m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes, m.start_time AS StartTime, m.i_am_alive_time AS IAmAliveTime
    FROM capacitor.cluster_versions v LEFT JOIN capacitor.cluster_members m ON m.deployment_id = v.deployment_id
    WHERE v.deployment_id = @DeploymentId
$query$),
('GatewaysQueryKey', $query$
    SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation FROM capacitor.cluster_members
    WHERE deployment_id = @DeploymentId AND status = @Status AND proxy_port > 0
$query$),
('DeleteMembershipTableEntriesKey', $query$
    WITH members AS (DELETE FROM capacitor.cluster_members WHERE deployment_id = @DeploymentId)
    DELETE FROM capacitor.cluster_versions WHERE deployment_id = @DeploymentId
$query$),
-- 6 is SiloStatus.Dead.
('CleanupDefunctSiloEntriesKey', $query$
    DELETE FROM capacitor.cluster_members WHERE deployment_id = @DeploymentId AND status = 6 AND i_am_alive_time < @IAmAliveTime
$query$),
('CleanupDefunctSiloEntryKey', $query$
    DELETE FROM capacitor.cluster_members
    WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation AND status = 6
        AND start_time = @StartTime AND i_am_alive_time = @IAmAliveTime AND coalesce(suspect_times, '') = coalesce(@SuspectTimes::text, '')
$query$),
('ReadReminderRowsKey', $query$
    SELECT grain_id AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM capacitor.reminders WHERE service_id = @ServiceId AND grain_id = @GrainId
$query$),
('ReadReminderRowKey', $query$
    SELECT grain_id AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM capacitor.reminders WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName
$query$),
('ReadRangeRows1Key', $query$
    SELECT grain_id AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM capacitor.reminders WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
$query$),
-- The range goes over the end of the ring.
('ReadRangeRows2Key', $query$
    SELECT grain_id AS GrainId, name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
    FROM capacitor.reminders WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
$query$),
('UpsertReminderRowKey', $query$
    INSERT INTO capacitor.reminders AS r (service_id, grain_id, name, start_time, period, grain_hash, version)
    VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
    ON CONFLICT (service_id, grain_id, name) DO UPDATE
        SET start_time = excluded.start_time, period = excluded.period, grain_hash = excluded.grain_hash, version = r.version + 1
    RETURNING version AS Version
$query$),
('DeleteReminderRowKey', $query$
    WITH gone AS (
        DELETE FROM capacitor.reminders WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName AND version = @Version RETURNING 1)
    SELECT EXISTS (SELECT FROM gone)
$query$),
('DeleteReminderRowsKey', $query$
    DELETE FROM capacitor.reminders WHERE service_id = @ServiceId
$query$),
-- Orleans also passes hashes of the name and the key; the key above needs none.
('ReadFromStorageKey', $query$
    SELECT payload AS PayloadBinary, version AS Version FROM capacitor.grain_states
    WHERE service_id = @ServiceId AND name = @GrainTypeString AND extension = coalesce(@GrainIdExtensionString::text, '')
        AND n0 = @GrainIdN0 AND n1 = @GrainIdN1
$query$),
-- A writer that has seen no version inserts, any other updates just that version. No row is a conflict.
('WriteToStorageKey', $query$
    WITH changed AS (
        UPDATE capacitor.grain_states SET version = version + 1, payload = @PayloadBinary::bytea, modified_at = now()
        WHERE service_id = @ServiceId AND name = @GrainTypeString AND extension = coalesce(@GrainIdExtensionString::text, '')
            AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND version = @GrainStateVersion::integer
        RETURNING version),
    added AS (
        INSERT INTO capacitor.grain_states(service_id, name, n0, n1, extension, version, payload, modified_at)
        SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString::text, ''), 1, @PayloadBinary::bytea, now()
        WHERE @GrainStateVersion::integer IS NULL
        ON CONFLICT DO NOTHING
        RETURNING version)
    SELECT version AS NewGrainStateVersion FROM changed UNION ALL SELECT version FROM added
$query$),
-- The row stays, so that a writer of before the clearing never gets its version back.
('ClearStorageKey', $query$
    UPDATE capacitor.grain_states SET version = version + 1, payload = NULL, modified_at = now()
    WHERE service_id = @ServiceId AND name = @GrainTypeString AND extension = coalesce(@GrainIdExtensionString::text, '')
        AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND version = @GrainStateVersion::integer
    RETURNING version AS NewGrainStateVersion
$query$),
('DeleteStorageKey', $query$
    DELETE FROM capacitor.grain_states
    WHERE service_id = @ServiceId AND name = @GrainTypeString AND extension = coalesce(@GrainIdExtensionString::text, '')
        AND n0 = @GrainIdN0 AND n1 = @GrainIdN1 AND version = @GrainStateVersion::integer
    RETURNING version + 1 AS NewGrainStateVersion
$query$);
