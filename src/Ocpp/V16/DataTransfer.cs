using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>A vendor's own message, either way.</summary>
public sealed record DataTransferRequest : IPayload<DataTransferRequest>
{
    public string? VendorId { get; set; }

    public string? MessageId { get; set; }

    /// <summary>A text; when a charger sends JSON instead, the text of that JSON.</summary>
    public string? Data { get; set; }

    static Shape<DataTransferRequest> IPayload<DataTransferRequest>.Shape { get; } = new Shape<DataTransferRequest>(() => new())
        .Text("vendorId", 255, Need.Required, (m, v) => m.VendorId = v)
        .Text("messageId", 50, Need.Optional, (m, v) => m.MessageId = v)
        .AnyText("data", Need.Optional, (m, v) => m.Data = v);
}

/// <summary>The answer to a vendor's own message.</summary>
public sealed record DataTransferResponse : IPayload<DataTransferResponse>
{
    /// <summary>One of <see cref="DataTransferStatuses"/>.</summary>
    public required string Status { get; set; }

    public string? Data { get; set; }

    static Shape<DataTransferResponse> IPayload<DataTransferResponse>.Shape { get; } =
        new Shape<DataTransferResponse>(() => new() { Status = "" })
            .Word("status", DataTransferStatuses.Words, Need.Required, (m, v) => m.Status = v ?? "")
            .AnyText("data", Need.Optional, (m, v) => m.Data = v);
}

/// <summary>How a vendor's own message is answered.</summary>
public static class DataTransferStatuses
{
    public const string Accepted = "Accepted";
    public const string Rejected = "Rejected";
    public const string UnknownMessageId = "UnknownMessageId";
    public const string UnknownVendorId = "UnknownVendorId";

    public static WordSet Words { get; } = new(Accepted, Rejected, UnknownMessageId, UnknownVendorId);
}
