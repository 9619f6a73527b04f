using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger to fetch firmware and install it.</summary>
public sealed record UpdateFirmwareRequest : IPayload<UpdateFirmwareRequest>
{
    public required string Location { get; set; }

    public int? Retries { get; set; }

    /// <summary>Not to be fetched before.</summary>
    public required DateTimeOffset RetrieveDate { get; set; }

    /// <summary>Seconds.</summary>
    public int? RetryInterval { get; set; }

    static Shape<UpdateFirmwareRequest> IPayload<UpdateFirmwareRequest>.Shape { get; } =
        new Shape<UpdateFirmwareRequest>(() => new() { Location = "", RetrieveDate = default })
            .Uri("location", int.MaxValue, Need.Required, (m, v) => m.Location = v ?? "")
            .Whole("retries", Need.Optional, (m, v) => m.Retries = v, min: 0)
            .Time("retrieveDate", Need.Required, (m, v) => m.RetrieveDate = v ?? default)
            .Whole("retryInterval", Need.Optional, (m, v) => m.RetryInterval = v, min: 0);
}

/// <summary>Nothing but the answer itself; FirmwareStatusNotification tells the rest.</summary>
public sealed record UpdateFirmwareResponse : IPayload<UpdateFirmwareResponse>
{
    static Shape<UpdateFirmwareResponse> IPayload<UpdateFirmwareResponse>.Shape { get; } = new(() => new());
}
