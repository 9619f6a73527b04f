using System.Net.WebSockets;
using Capacitor.Testing;

namespace Capacitor.Cluster.Tests;

/// <summary>One of several sockets of the same charger, which says as much as it can for as long as it is let.</summary>
internal sealed class Contender
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly FakeCharger _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _told = [];
    private readonly SemaphoreSlim _answers = new(0);
    private readonly Task _talking;

    private Contender(FakeCharger socket, string name)
    {
        _socket = socket;
        Name = name;
        _talking = TalkAsync();
    }

    public string Name { get; }

    /// <summary>What was answered, as the journal tells it.</summary>
    public IReadOnlyList<string> Told => _told;

    public static async Task<Contender> ConnectAsync(string url, string id, string name) => new(await FakeCharger.ConnectAsync(url, id), name);

    /// <summary>Who said this; empty for what no contender says.</summary>
    public static string NameIn(string story) => story.StartsWith("status", StringComparison.Ordinal) ? story.Split(' ')[2].Split('.')[0] : "";

    public Task<FakeClose> WaitForCloseAsync() => _socket.WaitForCloseAsync();

    public async Task WaitForAnswersAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!await _answers.WaitAsync(TimeSpan.FromMinutes(1)))
            {
                throw new TimeoutException($"Socket {Name} gets no answer.");
            }
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _talking;
        await _socket.DisposeAsync();
        _stop.Dispose();
    }

    private async Task TalkAsync()
    {
        using var ticks = new PeriodicTimer(Pace);
        try
        {
            for (var n = 1; !_stop.IsCancellationRequested; n++)
            {
                await _socket.CallAsync("StatusNotification", ChargerMessages.Status(1, "Available", $"{Name}.{n}"));
                _told.Add($"status Available {Name}.{n}");
                _answers.Release();
                await ticks.WaitForNextTickAsync(CancellationToken.None);
            }
        }
        catch (Exception gone) when (gone is IOException or WebSocketException or InvalidOperationException or OperationCanceledException)
        {
            // Another socket has won.
        }
    }
}
