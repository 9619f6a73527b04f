using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Capacitor.Testing;

/// <summary>Answers a request.</summary>
public delegate Task ReceiverAnswer(HttpContext context, ReceivedWebhook webhook);

/// <summary>A request as it came.</summary>
public sealed record ReceivedWebhook(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, string ConnectionId)
{
    /// <summary><c>HTTP/1.1</c> or <c>HTTP/2</c>.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>The address and port that it came to.</summary>
    public string CameTo { get; init; } = "";

    /// <summary>The subject of the certificate that the sender presented; null: none.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>The header <c>webhook-id</c>.</summary>
    public string Id => Headers["webhook-id"];

    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>Ways to answer, good and bad.</summary>
public static class ReceiverAnswers
{
    /// <summary>Never answers; ends when the sender gives up.</summary>
    public static ReceiverAnswer Hang { get; } = async (context, _) =>
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    };

    /// <summary>Sends headers and then nothing.</summary>
    public static ReceiverAnswer HangInBody { get; } = async (context, webhook) =>
    {
        context.Response.ContentLength = 10;
        await context.Response.StartAsync();
        await context.Response.Body.FlushAsync();
        await Hang(context, webhook);
    };

    /// <summary>200 and a body without end.</summary>
    public static ReceiverAnswer Endless { get; } = async (context, _) =>
    {
        var piece = new byte[8 * 1024];
        try
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The sender has read enough.
        }
    };

    /// <summary>200 and a body that claims to be gzip.</summary>
    public static ReceiverAnswer Gzip { get; } = async (context, _) =>
    {
        context.Response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
        await gzip.WriteAsync(new byte[100_000]);
    };

    /// <summary>A status without a body.</summary>
    public static ReceiverAnswer Status(int status) => (context, _) =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>A status that depends on what came.</summary>
    public static ReceiverAnswer StatusOf(Func<ReceivedWebhook, int> status) => (context, webhook) =>
    {
        context.Response.StatusCode = status(webhook);
        return Task.CompletedTask;
    };

    /// <summary>A status and the wish to be left alone for a while.</summary>
    public static ReceiverAnswer RetryAfter(int status, string after) => (context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = after;
        return Task.CompletedTask;
    };

    /// <summary>A status and a short body.</summary>
    public static ReceiverAnswer Text(int status, string text) => (context, _) =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(text);
    };

    /// <summary>307 to another place.</summary>
    public static ReceiverAnswer Redirect(Uri to) => (context, _) =>
    {
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = to.ToString();
        return Task.CompletedTask;
    };

    /// <summary>Answers 200 once the gate is open.</summary>
    public static ReceiverAnswer When(Func<ReceivedWebhook, Task> gate) => (_, webhook) => gate(webhook);
}
