using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Gives a charger the tags it may decide about on its own.</summary>
public sealed record SendLocalListRequest : IPayload<SendLocalListRequest>
{
    /// <summary>The version the list has afterwards.</summary>
    public required int ListVersion { get; set; }

    /// <summary>With a full update, null and empty mean that the list is emptied.</summary>
    public LocalAuthorization[]? LocalAuthorizationList { get; set; }

    /// <summary>One of <see cref="UpdateTypes"/>.</summary>
    public required string UpdateType { get; set; }

    static Shape<SendLocalListRequest> IPayload<SendLocalListRequest>.Shape { get; } =
        new Shape<SendLocalListRequest>(() => new() { ListVersion = 0, UpdateType = "" })
            .Whole("listVersion", Need.Required, (m, v) => m.ListVersion = v ?? 0, min: 0)
            .Many<LocalAuthorization>("localAuthorizationList", Need.Optional, (m, v) => m.LocalAuthorizationList = v, mayBeEmpty: true)
            .Word("updateType", UpdateTypes.Words, Need.Required, (m, v) => m.UpdateType = v ?? "");
}

/// <summary>A tag of a local list.</summary>
public sealed record LocalAuthorization : IPayload<LocalAuthorization>
{
    public required string IdTag { get; set; }

    /// <summary>Null in a differential update takes the tag off the list.</summary>
    public IdTagInfo? IdTagInfo { get; set; }

    static Shape<LocalAuthorization> IPayload<LocalAuthorization>.Shape { get; } = new Shape<LocalAuthorization>(() => new() { IdTag = "" })
        .Text("idTag", 20, Need.Required, (m, v) => m.IdTag = v ?? "")
        .One<IdTagInfo>("idTagInfo", Need.Optional, (m, v) => m.IdTagInfo = v);
}

/// <summary>Whether the charger took it.</summary>
public sealed record SendLocalListResponse : IPayload<SendLocalListResponse>
{
    /// <summary>One of <see cref="UpdateStatuses"/>.</summary>
    public required string Status { get; set; }

    static Shape<SendLocalListResponse> IPayload<SendLocalListResponse>.Shape { get; } = new Shape<SendLocalListResponse>(() => new() { Status = "" })
        .Word("status", UpdateStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "");
}

/// <summary>How a list is to be taken.</summary>
public static class UpdateTypes
{
    /// <summary>As changes to the list that is there.</summary>
    public const string Differential = "Differential";

    /// <summary>In place of the list that is there.</summary>
    public const string Full = "Full";

    public static WordSet Words { get; } = new(Differential, Full);
}

/// <summary>How a list is answered.</summary>
public static class UpdateStatuses
{
    public const string Accepted = "Accepted";
    public const string Failed = "Failed";
    public const string NotSupported = "NotSupported";

    /// <summary>A differential update to a version that is not newer.</summary>
    public const string VersionMismatch = "VersionMismatch";

    public static WordSet Words { get; } = new(Accepted, Failed, NotSupported, VersionMismatch);
}
