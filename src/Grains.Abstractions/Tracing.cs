using System.Diagnostics;

namespace Capacitor;

/// <summary>
/// Traces. Whoever starts a span asks here, and gets null while nobody listens: then no span is made and nothing is allocated.
/// </summary>
public static class Tracing
{
    /// <summary>The name of our source.</summary>
    public const string SourceName = "Capacitor";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>True while somebody listens.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>The recorded span under way, as <c>traceparent</c>; null when there is none.</summary>
    public static string? Current => IsOn && Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>
    /// A span below nothing, whatever is under way: a charger's messages are no part of the request that opened its connection, which may last for months.
    /// To be called from an async method, which is where the span stays the current one.
    /// </summary>
    public static Activity? StartRoot(string name, ActivityKind kind)
    {
        if (!IsOn)
        {
            return null;
        }

        Activity.Current = null;
        return Source.StartActivity(name, kind);
    }

    /// <summary>A span below the one under way.</summary>
    public static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) => IsOn ? Source.StartActivity(name, kind) : null;

    /// <summary>A span below the one that <paramref name="traceParent"/> names; a root when that is null or not readable.</summary>
    public static Activity? StartBelow(string? traceParent, string? traceState, string name, ActivityKind kind)
    {
        if (!IsOn)
        {
            return null;
        }

        Activity.Current = null;
        return ActivityContext.TryParse(traceParent, traceState, isRemote: true, out var parent) ? Source.StartActivity(name, kind, parent) : Source.StartActivity(name, kind);
    }
}
