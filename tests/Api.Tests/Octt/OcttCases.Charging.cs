using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Tests.Octt;

/// <summary>Booting, charging, and what a charger tells on its own.</summary>
internal static partial class OcttCases
{
    private static async Task ColdBootAsync(OcttStation station)
    {
        await station.BeginAsync();
        await station.BootAsync();
        await station.SendAsync<HeartbeatResponse>("Heartbeat", new { });
    }

    private static async Task PlugFirstAsync(OcttStation station)
    {
        await station.BeginAsync();
        await station.ChargeAsync();
    }

    private static async Task TagFirstAsync(OcttStation station)
    {
        await station.BeginAsync();
        await station.AuthorizeAsync();
        await station.StatusAsync(ConnectorStatuses.Preparing);
        await station.StartAsync();
        await station.StatusAsync(ConnectorStatuses.Charging);
    }

    private static async Task TagWithoutPlugAsync(OcttStation station)
    {
        await station.BeginAsync();
        await station.AuthorizeAsync();
        await station.StatusAsync(ConnectorStatuses.Preparing);
        await station.StatusAsync(ConnectorStatuses.Available);
    }

    private static async Task UnpluggedAtTheCarAsync(OcttStation station)
    {
        await station.BeginAsync();
        var transaction = await station.ChargeAsync();
        await station.StatusAsync(ConnectorStatuses.SuspendedEV);
        await station.StopAsync(transaction, StopReasons.EVDisconnected);
        await station.StatusAsync(ConnectorStatuses.Finishing);
        await station.StatusAsync(ConnectorStatuses.Available);
    }

    private static async Task CachedTagAsync(OcttStation station)
    {
        await station.BeginAsync();
        await station.StatusAsync(ConnectorStatuses.Preparing);
        await station.StartAsync();
        await station.StatusAsync(ConnectorStatuses.Charging);
    }

    private static async Task TagThatMayNotAsync(OcttStation station, string tag, object? registration, string status)
    {
        await station.RefuseUnknownTagsAsync();
        if (registration is not null)
        {
            await station.RegisterTagAsync(registration);
        }

        await station.BeginAsync();
        await station.AuthorizeAsync(tag, status);
        await station.AuthorizeAsync();
    }

    private static async Task LockFailureAsync(OcttStation station)
    {
        await station.BeginAsync();
        await station.AuthorizeAsync();
        await station.StatusAsync(ConnectorStatuses.Preparing);
        await station.StatusAsync(ConnectorStatuses.Faulted, errorCode: ConnectorErrorCodes.ConnectorLockFailure);
    }

    private static async Task PowerLossAsync(OcttStation station)
    {
        await station.BeginAsync();
        await station.BootAsync();
        var transaction = await station.ChargeAsync();

        await station.LosePowerAsync();
        await station.ConnectAsync();
        await station.BootAsync();
        await station.StopAsync(transaction, StopReasons.PowerLoss);
        await station.StatusAsync(ConnectorStatuses.Finishing);
    }

    private static async Task BegunOfflineAsync(OcttStation station)
    {
        var began = OcttStation.Now.AddHours(-4);
        await station.BeginAsync();
        await station.StartAsync(timestamp: began);
        await station.StatusAsync(ConnectorStatuses.Charging, timestamp: began);
    }

    private static async Task BegunOfflineByStrangerAsync(OcttStation station)
    {
        var began = OcttStation.Now.AddHours(-4);
        await station.RefuseUnknownTagsAsync();
        await station.BeginAsync();
        var transaction = await station.StartAsync("STRANGER", timestamp: began, status: AuthorizationStatuses.Invalid);
        await station.StatusAsync(ConnectorStatuses.Charging, timestamp: began);
        await station.StopAsync(transaction, StopReasons.DeAuthorized, "STRANGER");
        await station.StatusAsync(ConnectorStatuses.Finishing);
    }

    private static async Task OfflineAsync(OcttStation station)
    {
        var began = OcttStation.Now.AddHours(-4);
        await station.BeginAsync();
        var transaction = await station.StartAsync(timestamp: began);
        await station.StopAsync(transaction, StopReasons.Local, timestamp: began.AddHours(1));
    }

    // Accepted is allowed too, with a warning: this server keeps what vendors send, for the tenant to read.
    private static async Task VendorMessageAsync(OcttStation station)
    {
        await station.BeginAsync();
        await station.SendAsync<DataTransferResponse>("DataTransfer", new { vendorId = "com.example.nobody", messageId = "hello", data = "world" });
    }
}
