namespace Capacitor.Storage.Postgres;

/// <summary>A newer version of Capacitor wrote the database.</summary>
public sealed class DatabaseTooNewException(int schema, int known)
    : Exception($"The database was written by a newer version of Capacitor (schema {schema}; this one knows {known}). Start that version, or use another database.");

/// <summary>The role may not make the tables.</summary>
public sealed class DatabaseRightsException(string role, string database, Exception inner)
    : Exception(
        $"The role '{role}' may not make the schema 'capacitor' in the database '{database}'. Grant it once (GRANT CREATE ON DATABASE \"{database}\" TO \"{role}\") " +
        "or start one process with a role that may.",
        inner);
