-- A webhook's rows lie together in their index, in the order of its events.
CREATE TABLE capacitor.deliveries (
    webhook_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    tenant text COLLATE "C" NOT NULL,
    event_id text NOT NULL,
    event_type text NOT NULL,
    charge_box_id text NOT NULL,
    charger_key text COLLATE "C" NOT NULL,
    event_at timestamptz NOT NULL,
    status integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    next_attempt_at timestamptz,
    expires_at timestamptz NOT NULL,
    attempt_count integer NOT NULL,
    budget integer NOT NULL,
    attempts bytea,
    PRIMARY KEY (webhook_id, position, id)
);
CREATE INDEX deliveries_pending ON capacitor.deliveries (webhook_id, next_attempt_at NULLS FIRST, position, id) WHERE status = 0;
CREATE INDEX deliveries_ended ON capacitor.deliveries (expires_at) WHERE status <> 0;
