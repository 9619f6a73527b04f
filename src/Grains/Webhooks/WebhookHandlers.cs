using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Webhooks;

/// <summary>One handler for all webhooks, and one for each TLS setting beyond that, for as long as it is used.</summary>
internal sealed class WebhookHandlers : IDisposable
{
    /// <summary>A handler that nobody used for so long is given up.</summary>
    public static readonly TimeSpan KeptUnused = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, WebhookHandler> _own = new(StringComparer.Ordinal);
    private readonly AddressGuard _guard;
    private readonly TimeSpan _connectTimeout;
    private readonly TimeProvider _time;
    private readonly WebhookHandler _shared;
    private readonly ITimer _sweeper;

    public WebhookHandlers(AddressGuard guard, IOptions<WebhookOptions> options, TimeProvider time)
    {
        (_guard, _connectTimeout, _time) = (guard, options.Value.Timeout, time);
        _shared = new WebhookHandler(guard, _connectTimeout, time);
        _sweeper = time.CreateTimer(static handlers => ((WebhookHandlers)handlers!).Sweep(), this, BetweenSweeps, BetweenSweeps);
    }

    /// <summary>Handlers for TLS settings that are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _own.Count;
            }
        }
    }

    /// <summary>The handler of a target, until it is given back. Throws <see cref="CryptographicException"/> when its TLS settings cannot be used.</summary>
    public WebhookHandler Take(WebhookTarget target)
    {
        if (target.TlsKey is not { } key)
        {
            return _shared;
        }

        lock (_gate)
        {
            if (!_own.TryGetValue(key, out var handler))
            {
                handler = new WebhookHandler(_guard, _connectTimeout, _time, LoadedTls.Read(target.Tls!));
                _own.Add(key, handler);
            }

            handler.Users++;
            return handler;
        }
    }

    /// <summary>Gives one back.</summary>
    public void Return(WebhookHandler handler)
    {
        if (ReferenceEquals(handler, _shared))
        {
            return;
        }

        lock (_gate)
        {
            handler.Users--;
            handler.UsedAt = _time.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sweeper.Dispose();
        _shared.Dispose();
        lock (_gate)
        {
            foreach (var handler in _own.Values)
            {
                handler.Dispose();
            }

            _own.Clear();
        }
    }

    private void Sweep()
    {
        lock (_gate)
        {
            foreach (var (key, handler) in _own)
            {
                if (handler.Users == 0 && _time.GetElapsedTime(handler.UsedAt) >= KeptUnused)
                {
                    _own.Remove(key);
                    handler.Dispose();
                }
            }
        }
    }
}
