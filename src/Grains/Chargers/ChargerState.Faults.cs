using Capacitor.Events;
using Capacitor.Ocpp.V16;

namespace Capacitor.Grains.Chargers;

/// <summary>
/// Faults, one at most per connector: a status <c>Faulted</c>, or an error code other than <c>NoError</c> under any status. Told when it comes and when it goes. Another error code, the vendor's
/// included, is another fault: the one before is cleared first.
/// </summary>
internal sealed partial class ChargerState
{
    private void JudgeFault(StatusReport report, DateTimeOffset now)
    {
        var open = Faults.Find(fault => fault.ConnectorId == report.ConnectorId);
        var isFaulty = report.Status == ConnectorStatuses.Faulted || report.ErrorCode is not (ConnectorErrorCodes.NoError or "");
        if (isFaulty && open is not null && open.ErrorCode == report.ErrorCode && open.VendorErrorCode == report.VendorErrorCode)
        {
            return;
        }

        if (open is not null)
        {
            Clear(open, now);
        }

        if (isFaulty)
        {
            var fault = new OpenFault
            {
                FaultId = RandomId.New("flt_"),
                ConnectorId = report.ConnectorId,
                ErrorCode = report.ErrorCode,
                VendorErrorCode = report.VendorErrorCode,
                DetectedAt = now,
            };
            Faults.Add(fault);
            Emit(EventTypes.FaultDetected, now, EventBody.FaultDetected(Registered().ChargeBoxId, fault, report, now));
        }
    }

    private void ClearFaults(DateTimeOffset now)
    {
        foreach (var fault in Faults.ToArray())
        {
            Clear(fault, now);
        }
    }

    private void Clear(OpenFault fault, DateTimeOffset now)
    {
        Faults.Remove(fault);
        Emit(EventTypes.FaultCleared, now, EventBody.FaultCleared(Registered().ChargeBoxId, fault, now));
    }
}

[GenerateSerializer, Immutable, Alias("capacitor.state.charger.fault")]
internal sealed record OpenFault
{
    /// <summary><c>flt_…</c></summary>
    [Id(0)] public required string FaultId { get; init; }

    [Id(1)] public required int ConnectorId { get; init; }

    [Id(2)] public required string ErrorCode { get; init; }

    [Id(3)] public string? VendorErrorCode { get; init; }

    [Id(4)] public required DateTimeOffset DetectedAt { get; init; }
}
