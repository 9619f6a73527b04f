using Capacitor.Ocpp.V16;

namespace Capacitor.Cli.Simulate;

/// <summary>Who a charger is.</summary>
internal sealed record ChargerIdentity(string Id, Uri Url, int Number)
{
    public BootNotificationRequest Boot => new()
    {
        ChargePointVendor = "Capacitor",
        ChargePointModel = "Simulated",
        ChargePointSerialNumber = $"SN{Number:D8}",
        FirmwareVersion = "1.0.0",
        MeterType = "Simulated",
    };
}
