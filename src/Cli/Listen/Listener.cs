using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Capacitor.Cli.Listen;

/// <summary>
/// Hands events of the server to a program at hand, one after the other. A connection that breaks is made again behind the last event that was dealt with. An event
/// that the program does not take is told, and the next one follows.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "Spreads attempts; guards nothing.")]
internal sealed class Listener(ListenOptions options, TimeProvider time, TextWriter output)
{
    private readonly Backoff _backoff = new(new Random());
    private string? _after = options.After?.ToString(CultureInfo.InvariantCulture);
    private bool _hasListened;
    private bool _isCut;
    private int _taken;
    private int _failed;

    /// <summary>Ends when it is cancelled, which is a good ending.</summary>
    /// <exception cref="ListenException">The server cannot be reached at the start, or does not want us.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var source = new EventSource(options);
        using var forwarder = new Forwarder(options.ForwardTo, options.Secret, time);
        try
        {
            while (true)
            {
                await ListenAsync(source, forwarder, stop);
                await Task.Delay(_backoff.Next(), time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What the caller wants.
        }
        finally
        {
            await SummariseAsync();
        }
    }

    /// <summary>One connection, from its beginning to its end.</summary>
    private async Task ListenAsync(EventSource source, Forwarder forwarder, CancellationToken stop)
    {
        try
        {
            using var answer = await source.OpenAsync(_after, stop);
            await TellOpenAsync();
            await foreach (var message in new EventStreamReader(await answer.Content.ReadAsStreamAsync(stop), time).ReadAsync(stop))
            {
                _backoff.Reset();
                if (message.Event is { } item)
                {
                    await ForwardAsync(forwarder, item, message.Id, stop);
                }

                _after = message.Id ?? _after;
            }

            await TellCutAsync("the server ended it");
        }
        catch (HttpRequestException failure) when (!_hasListened)
        {
            throw new ListenException(ListenException.NoStart, $"Capacitor cannot be reached at {options.Url}: {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException && !stop.IsCancellationRequested)
        {
            await TellCutAsync(failure.Message);
        }
    }

    private async Task ForwardAsync(Forwarder forwarder, StreamedEvent item, string? position, CancellationToken stop)
    {
        var done = await forwarder.SendAsync(item, stop);
        if (done.Problem is null)
        {
            _taken++;
        }
        else
        {
            _failed++;
        }

        if (done.Problem is not null || !options.Quiet)
        {
            var line = $"{time.GetLocalNow():HH:mm:ss}  {item.Type,-24} {item.Charger,-20} {done.Status?.ToString(CultureInfo.InvariantCulture) ?? "---"}  {done.Took.TotalMilliseconds:0} ms";
            await output.WriteLineAsync(done.Problem is null ? line : $"{line}  NOT TAKEN: {done.Problem} ({item.WebhookId}{Again(position)})");
        }
    }

    private static string Again(string? position) => long.TryParse(position, out var at) ? $"; once more: --after {at - 1}" : "";

    private async Task TellOpenAsync()
    {
        if (!_hasListened)
        {
            await output.WriteLineAsync($"Ready: events of {options.Url} go to {options.ForwardTo}. They are signed with {options.Secret.Text} (Ctrl-C ends this)");
        }
        else if (_isCut)
        {
            await output.WriteLineAsync("Connected again.");
        }

        (_hasListened, _isCut) = (true, false);
    }

    private async Task TellCutAsync(string reason)
    {
        if (!_isCut)
        {
            await output.WriteLineAsync($"The connection to {options.Url} is gone: {reason}. Trying again; nothing will be missing.");
        }

        _isCut = true;
    }

    private async Task SummariseAsync()
    {
        if (_hasListened)
        {
            await output.WriteLineAsync($"{_taken} events taken, {_failed} not taken.{(_after is null ? "" : $" To go on where this ended: --after {_after}")}");
        }
    }
}
