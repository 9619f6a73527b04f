using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Asks a charger to upload its diagnostics.</summary>
public sealed record GetDiagnosticsRequest : IPayload<GetDiagnosticsRequest>
{
    /// <summary>The folder to upload to.</summary>
    public required string Location { get; set; }

    public int? Retries { get; set; }

    /// <summary>Seconds.</summary>
    public int? RetryInterval { get; set; }

    public DateTimeOffset? StartTime { get; set; }

    public DateTimeOffset? StopTime { get; set; }

    static Shape<GetDiagnosticsRequest> IPayload<GetDiagnosticsRequest>.Shape { get; } =
        new Shape<GetDiagnosticsRequest>(() => new() { Location = "" })
            .Uri("location", int.MaxValue, Need.Required, (m, v) => m.Location = v ?? "")
            .Whole("retries", Need.Optional, (m, v) => m.Retries = v, min: 0)
            .Whole("retryInterval", Need.Optional, (m, v) => m.RetryInterval = v, min: 0)
            .Time("startTime", Need.Optional, (m, v) => m.StartTime = v)
            .Time("stopTime", Need.Optional, (m, v) => m.StopTime = v);
}

/// <summary>What the file will be called; DiagnosticsStatusNotification tells the rest.</summary>
public sealed record GetDiagnosticsResponse : IPayload<GetDiagnosticsResponse>
{
    /// <summary>Null when there is nothing to upload.</summary>
    public string? FileName { get; set; }

    static Shape<GetDiagnosticsResponse> IPayload<GetDiagnosticsResponse>.Shape { get; } = new Shape<GetDiagnosticsResponse>(() => new())
        .Text("fileName", 255, Need.Optional, (m, v) => m.FileName = v);
}
