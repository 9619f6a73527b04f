using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Capacitor.Testing;

/// <summary>A collector of traces: takes OTLP over HTTP in protobuf, and keeps what it got.</summary>
public sealed class TraceReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<ReceivedSpan> _spans = [];
    private TaskCompletionSource _arrival = NewSignal();

    private TraceReceiver(WebApplication app) => _app = app;

    /// <summary>The endpoint to export to.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>The settings that make a server export here, soon.</summary>
    public string[] Settings =>
    [
        $"--OTEL_EXPORTER_OTLP_ENDPOINT={Url}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "--OTEL_BSP_SCHEDULE_DELAY=100", "--OTEL_METRICS_EXPORTER=none",
    ];

    /// <summary>Starts one.</summary>
    public static async Task<TraceReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new TraceReceiver(app);
        app.MapPost("/v1/traces", receiver.TakeAsync);
        await app.StartAsync();
        receiver.Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return receiver;
    }

    /// <summary>Waits for the whole of what <paramref name="find"/> looks for; it answers null while something is missing.</summary>
    public async Task<T> WaitForAsync<T>(Func<IReadOnlyList<ReceivedSpan>, T?> find)
        where T : class
    {
        while (true)
        {
            Task arrival;
            List<ReceivedSpan> spans;
            lock (_gate)
            {
                (arrival, spans) = (_arrival.Task, [.. _spans]);
            }

            if (find(spans) is { } found)
            {
                return found;
            }

            try
            {
                await arrival.WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"What was looked for is not among these spans:\n{string.Join('\n', spans)}");
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        TaskCompletionSource arrival;
        lock (_gate)
        {
            _spans.AddRange(ReceivedSpan.ReadAll(body.ToArray()));
            (arrival, _arrival) = (_arrival, NewSignal());
        }

        arrival.SetResult();
        context.Response.ContentType = "application/x-protobuf";
    }
}
