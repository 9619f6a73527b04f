using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger to change one of its settings.</summary>
public sealed record ChangeConfigurationRequest : IPayload<ChangeConfigurationRequest>
{
    public required string Key { get; set; }

    /// <summary>May be empty.</summary>
    public required string Value { get; set; }

    static Shape<ChangeConfigurationRequest> IPayload<ChangeConfigurationRequest>.Shape { get; } =
        new Shape<ChangeConfigurationRequest>(() => new() { Key = "", Value = "" })
            .Text("key", 50, Need.Required, (m, v) => m.Key = v ?? "")
            .Text("value", 500, Need.Required, (m, v) => m.Value = v ?? "", mayBeEmpty: true);
}

/// <summary>Whether the charger did.</summary>
public sealed record ChangeConfigurationResponse : IPayload<ChangeConfigurationResponse>
{
    /// <summary>One of <see cref="ConfigurationStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<ChangeConfigurationResponse> IPayload<ChangeConfigurationResponse>.Shape { get; } =
        new Shape<ChangeConfigurationResponse>(() => new() { Status = "" })
            .Word("status", ConfigurationStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

/// <summary>How a change of a setting is answered.</summary>
public static class ConfigurationStatuses
{
    public const string Accepted = "Accepted";
    public const string Rejected = "Rejected";

    /// <summary>Changed, and in force after the next restart.</summary>
    public const string RebootRequired = "RebootRequired";

    /// <summary>The charger has no such setting.</summary>
    public const string NotSupported = "NotSupported";

    public static WordSet Words { get; } = new(Accepted, Rejected, RebootRequired, NotSupported);
}
