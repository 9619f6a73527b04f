-- The message log: a row holds some messages of one charger (see MessageCodec). Texts are not compressed: the database's processor is what a cluster has least of.
CREATE TABLE capacitor.messages (
    charger text COLLATE "C" NOT NULL,
    last bigint NOT NULL,
    first bigint NOT NULL,
    expires_on date NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (charger, last)
);
ALTER TABLE capacitor.messages ALTER COLUMN data SET STORAGE EXTERNAL;
-- A few dates at any time: PostgreSQL keeps equal ones together.
CREATE INDEX messages_expiring ON capacitor.messages (expires_on);
