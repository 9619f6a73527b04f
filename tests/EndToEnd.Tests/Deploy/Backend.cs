using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Capacitor.EndToEnd.Tests.Deploy;

/// <summary>A server whose readiness a test decides; it tells its name, and what the balancer told it of the caller, and echoes on sockets.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Backend(WebApplication app) => _app = app;

    public volatile bool IsReady = true;

    /// <summary>True: handshakes are refused, as by an Api that has begun to stop.</summary>
    public volatile bool RefusesSockets;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<Backend> StartAsync(string name, string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        Backend backend = new(app);
        app.UseWebSockets();
        app.MapGet("/health/ready", () => Results.StatusCode(backend.IsReady ? 200 : 503));
        app.MapGet("/ocpp/{id}", (HttpContext context) => backend.RefusesSockets ? RefuseAsync(context) : EchoAsync(context, name));
        app.MapGet("/{**rest}", (HttpContext context) => new
        {
            name,
            context.Request.Protocol,
            host = context.Request.Host.Value,
            forwardedFor = context.Request.Headers["X-Forwarded-For"].ToString(),
            forwardedProto = context.Request.Headers["X-Forwarded-Proto"].ToString(),
            forwarded = context.Request.Headers["Forwarded"].ToString(),
            clientCert = context.Request.Headers["Client-Cert"].ToString(),
        });
        await app.StartAsync();
        return backend;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    private static async Task EchoAsync(HttpContext context, string name)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(name), WebSocketMessageType.Text, true, context.RequestAborted);
        try
        {
            while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } message)
            {
                await socket.SendAsync(buffer.AsMemory(0, message.Count), WebSocketMessageType.Text, true, context.RequestAborted);
            }
        }
        catch (Exception end) when (end is WebSocketException or OperationCanceledException)
        {
            // The test is over.
        }
    }
}
