using System.Net;
using Capacitor.Events;
using Capacitor.Grains.Webhooks;
using Capacitor.Webhooks;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>A sender alone, with names and a clock of the test's own. Private networks are allowed unless told otherwise.</summary>
internal sealed class SenderParts : IDisposable
{
    private readonly ListJournal _journal = new(TimeProvider.System);

    public SenderParts(Action<WebhookOptions>? change = null, Func<string, IPAddress[]>? resolve = null)
    {
        var settings = new WebhookOptions { AllowPrivateNetworks = true };
        change?.Invoke(settings);
        var options = Options.Create(settings);
        Guard = resolve is null
            ? new AddressGuard(options, Time)
            : new AddressGuard(options, Time) { Resolve = (host, _) => Task.FromResult(resolve(host)) };
        Sender = new WebhookSender(Guard, options, Time);
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds(1_770_379_200));

    public AddressGuard Guard { get; }

    public WebhookSender Sender { get; }

    public async Task<AttemptResult> SendAsync(WebhookTarget target, CancellationToken deadline = default) =>
        await Sender.SendAsync(target, new Posting(Event()), deadline);

    public Task<AttemptResult> SendAsync(Uri url, WebhookTls? tls = null, CancellationToken deadline = default) => SendAsync(Target(url, tls), deadline);

    /// <summary>Sends, waits for <paramref name="signal"/>, and lets the time of the attempt run out.</summary>
    public async Task<AttemptResult> RunOutAsync(Uri url, Task signal, WebhookTls? tls = null)
    {
        using var deadline = new AttemptDeadline(Time);
        var sending = SendAsync(url, tls, deadline.Start(TimeSpan.FromSeconds(5)));
        await signal.WaitAsync(TimeSpan.FromSeconds(30));
        Time.Advance(TimeSpan.FromSeconds(5));
        return await sending;
    }

    public JournalEvent Event() => _journal.Append("CHARGER-001") with { Body = """{"event":"charger.connected"}"""u8.ToArray() };

    public static WebhookTarget Target(Uri url, WebhookTls? tls = null, params WebhookHeader[] headers) =>
        new(PumpParts.Settings(url) with { Tls = tls, Headers = headers });

    public void Dispose() => Sender.Dispose();
}
