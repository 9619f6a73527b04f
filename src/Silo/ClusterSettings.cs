using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Capacitor.Silo;

/// <summary>Section <c>Capacitor:Cluster</c>: how the processes of a cluster find each other. Checked by <see cref="ConfigurationRules"/>.</summary>
internal sealed class ClusterSettings
{
    public const string Section = "Capacitor:Cluster";

    /// <summary>Processes of one cluster have the same; two clusters may share a database by it. Default <c>capacitor</c>.</summary>
    public string ClusterId { get; init; } = "capacitor";

    /// <summary>Where silos talk to each other. 0: a free port. Default 11111.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Where Api processes talk to silos. 0: a free port. Default 30000.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>The IP address at which the others reach this silo. Default: the first address of this machine that is not loopback.</summary>
    public string? AdvertisedAddress { get; init; }

    /// <summary>
    /// How often silos probe each other: a killed one is taken over after two to four of these, a hung one after twelve. Default 1 second.
    /// </summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a silo that cannot write to the journal stays in the cluster while another one can; below <c>Capacitor:Ocpp:Patience</c>, so that chargers
    /// are answered by those that take over. Default 10 seconds.
    /// </summary>
    public TimeSpan JournalPatience { get; init; } = TimeSpan.FromSeconds(10);

    public IPAddress Address => string.IsNullOrWhiteSpace(AdvertisedAddress) ? OwnAddress() : IPAddress.Parse(AdvertisedAddress);

    public static ClusterSettings Of(IConfiguration configuration) => configuration.GetSection(Section).Get<ClusterSettings>() ?? new ClusterSettings();

    private static IPAddress OwnAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork) ?? IPAddress.Loopback;
}
