using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>A session as its charger knows it: what was answered.</summary>
internal sealed class ChargingSession
{
    public required int Number { get; init; }

    public int? TransactionId { get; set; }

    public int MetersTold { get; set; }

    public bool Stopped { get; set; }
}

/// <summary>A charger that repeats what was not answered, as it must.</summary>
internal sealed class PersistentCharger(string id)
{
    private const int Meters = 3;
    private static readonly DateTimeOffset Begin = new(2026, 2, 6, 12, 0, 0, TimeSpan.Zero);

    public string Id => id;

    public List<ChargingSession> Sessions { get; } = [];

    public async Task ChargeUntilCutAsync(string url)
    {
        await using var charger = await FakeCharger.ConnectAsync(url, id);
        try
        {
            while (true)
            {
                Sessions.Add(new ChargingSession { Number = Sessions.Count });
                await LiveAsync(charger, Sessions[^1]);
            }
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
        {
            // The server was killed or has closed the socket: what was answered is in the session.
        }
    }

    public async Task FinishAsync(string url)
    {
        await using var charger = await FakeCharger.ConnectAsync(url, id);
        await LiveAsync(charger, Sessions[^1]);
    }

    public void AssertTold(IReadOnlyList<ReceivedWebhook> posts)
    {
        var told = posts.Select(post => JsonDocument.Parse(post.Body).RootElement)
            .Where(e => e.GetProperty("event").GetString()!.StartsWith("transaction.", StringComparison.Ordinal))
            .Select(e => $"{e.GetProperty("event").GetString()} {e.GetProperty("data").GetProperty("transactionId").GetInt32()}");
        var expected = Sessions.SelectMany(session => new[] { $"transaction.started {session.TransactionId}" }
            .Concat(Enumerable.Repeat($"transaction.updated {session.TransactionId}", Meters))
            .Append($"transaction.stopped {session.TransactionId}"));
        Assert.Equal(expected, told);
    }

    private static async Task LiveAsync(FakeCharger charger, ChargingSession session)
    {
        var start = Begin.AddMinutes(session.Number);
        if (session.TransactionId is null)
        {
            var answer = await charger.CallAsync("StartTransaction", ChargerMessages.Start(1, "TAG", session.Number * 100, start));
            session.TransactionId = answer.Payload.GetProperty("transactionId").GetInt32();
        }

        while (session.MetersTold < Meters)
        {
            var meter = (session.Number * 100) + session.MetersTold;
            await charger.CallAsync("MeterValues", ChargerMessages.Meter(session.TransactionId.Value, meter, start.AddSeconds(session.MetersTold)));
            session.MetersTold++;
        }

        if (!session.Stopped)
        {
            await charger.CallAsync("StopTransaction", ChargerMessages.Stop(session.TransactionId.Value, (session.Number * 100) + 50, start.AddSeconds(30)));
            session.Stopped = true;
        }
    }
}
