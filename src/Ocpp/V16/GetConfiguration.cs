using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger for its settings.</summary>
public sealed record GetConfigurationRequest : IPayload<GetConfigurationRequest>
{
    /// <summary>The settings wanted; null or empty for all.</summary>
    public string[]? Key { get; set; }

    static Shape<GetConfigurationRequest> IPayload<GetConfigurationRequest>.Shape { get; } = new Shape<GetConfigurationRequest>(() => new())
        .Texts("key", 50, Need.Optional, (m, v) => m.Key = v);
}

/// <summary>The settings, and the names that are none.</summary>
public sealed record GetConfigurationResponse : IPayload<GetConfigurationResponse>
{
    public ConfigurationKey[]? ConfigurationKey { get; set; }

    public string[]? UnknownKey { get; set; }

    static Shape<GetConfigurationResponse> IPayload<GetConfigurationResponse>.Shape { get; } = new Shape<GetConfigurationResponse>(() => new())
        .Many<ConfigurationKey>("configurationKey", Need.Optional, (m, v) => m.ConfigurationKey = v, mayBeEmpty: true)
        .Texts("unknownKey", 50, Need.Optional, (m, v) => m.UnknownKey = v);
}

/// <summary>One setting of a charger.</summary>
public sealed record ConfigurationKey : IPayload<ConfigurationKey>
{
    public required string Key { get; set; }

    /// <summary>True when the charger refuses to change it; null when the charger does not say.</summary>
    public bool? Readonly { get; set; }

    /// <summary>A text; when a charger sends JSON instead, the text of that JSON. Null when the setting has no value, or is not shown.</summary>
    public string? Value { get; set; }

    // Chargers leave readonly out, or write 0 and 1; what the setting is can be read all the same.
    static Shape<ConfigurationKey> IPayload<ConfigurationKey>.Shape { get; } = new Shape<ConfigurationKey>(() => new() { Key = "" })
        .Text("key", 50, Need.Required, (m, v) => m.Key = v ?? "")
        .Flag("readonly", Need.Wanted, (m, v) => m.Readonly = v)
        .AnyText("value", Need.Optional, (m, v) => m.Value = v, maxLength: 500);
}
