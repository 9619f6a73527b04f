using System.Net;
using System.Net.Sockets;

namespace Capacitor.Silo;

/// <summary>
/// A free loopback port for Orleans, which cannot choose one itself. A socket that is bound and does not listen keeps it ours: the kernel gives it
/// to nobody who asks for any port, and lets Orleans listen there, so two instances that start together never meet.
/// </summary>
internal sealed class SiloPort : IDisposable
{
    private readonly Socket _reservation = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public SiloPort()
    {
        _reservation.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Number = ((IPEndPoint)_reservation.LocalEndPoint!).Port;
        if (!OperatingSystem.IsLinux())
        {
            _reservation.Dispose(); // elsewhere the reservation would keep Orleans out, too
        }
    }

    public int Number { get; }

    public void Dispose() => _reservation.Dispose();
}
