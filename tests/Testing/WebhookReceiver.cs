using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Capacitor.Testing;

/// <summary>A receiver of webhooks: real Kestrel on a free port, which records what comes and answers as it is told.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<ReceivedWebhook> _received = [];
    private TaskCompletionSource _arrival = NewSignal();
    private Exception? _mismatch;

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>
    /// Looks at each body that comes with a <c>webhook-id</c>; what it throws fails the test that asks what has come, or disposes of the receiver. Test projects
    /// that receive real events set it to <see cref="EventSchemas.Check(ReadOnlySpan{byte})"/> before their first test.
    /// </summary>
    public static Action<byte[]>? Inspect { get; set; }

    /// <summary>Where to post.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>How requests are answered from now on; 200 without a body unless told otherwise.</summary>
    public ReceiverAnswer Answer { get; set; } = ReceiverAnswers.Status(200);

    /// <summary>What has come so far, in order of arrival.</summary>
    public IReadOnlyList<ReceivedWebhook> Received
    {
        get
        {
            lock (_gate)
            {
                ThrowMismatch();
                return [.. _received];
            }
        }
    }

    /// <summary>Starts one, on loopback unless told otherwise, and without TLS unless <paramref name="listen"/> adds it.</summary>
    public static async Task<WebhookReceiver> StartAsync(ReceiverAnswer? answer = null, IPAddress? address = null, Action<ListenOptions>? listen = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address ?? IPAddress.Loopback, 0, options => listen?.Invoke(options)));
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        receiver.Answer = answer ?? receiver.Answer;
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        receiver.Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return receiver;
    }

    /// <summary>Waits until <paramref name="count"/> requests have come, and returns all that have.</summary>
    public async Task<IReadOnlyList<ReceivedWebhook>> WaitForAsync(int count)
    {
        while (true)
        {
            Task arrival;
            lock (_gate)
            {
                ThrowMismatch();
                if (_received.Count >= count)
                {
                    return [.. _received];
                }

                arrival = _arrival.Task;
            }

            try
            {
                await arrival.WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"{Received.Count} of {count} webhooks came.");
            }
        }
    }

    /// <summary>Drops every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        ThrowMismatch();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Exception? Mismatch(ReceivedWebhook webhook)
    {
        try
        {
            if (webhook.Headers.ContainsKey("webhook-id"))
            {
                Inspect?.Invoke(webhook.Body);
            }

            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    private void ThrowMismatch()
    {
        if (_mismatch is { } mismatch)
        {
            throw new InvalidOperationException($"What the webhook got is not as documented: {mismatch.Message}", mismatch);
        }
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var webhook = new ReceivedWebhook(context.Request.Method, context.Request.Path + context.Request.QueryString, headers, body.ToArray(), context.Connection.Id)
        {
            Protocol = context.Request.Protocol,
            CameTo = new IPEndPoint(context.Connection.LocalIpAddress!, context.Connection.LocalPort).ToString(),
            ClientCertificate = context.Connection.ClientCertificate?.Subject,
        };
        TaskCompletionSource arrival;
        var mismatch = Mismatch(webhook);
        lock (_gate)
        {
            _mismatch ??= mismatch;
            _received.Add(webhook);
            (arrival, _arrival) = (_arrival, NewSignal());
        }

        arrival.SetResult();
        await Answer(context, webhook);
    }
}
