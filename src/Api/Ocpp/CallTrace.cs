using System.Diagnostics;
using Capacitor.Chargers;

namespace Capacitor.Api.Ocpp;

/// <summary>The spans of a charger's connection: one per CALL, and one for each of its ends. They carry no payloads.</summary>
internal static class CallTrace
{
    private const string Charger = "capacitor.charge_box_id";

    /// <summary>From the CALL's turn to its answer.</summary>
    public static Activity? Begin(ChargeBoxId charger, string action)
    {
        if (!Tracing.IsOn)
        {
            return null;
        }

        var known = ActionLabel.Of(action);
        return Tracing.StartRoot($"ocpp {known}", ActivityKind.Server)?.SetTag(Charger, charger.Value).SetTag("ocpp.action", known);
    }

    /// <summary>From an opened socket to a recorded connection, or from its end to a recorded one.</summary>
    public static Activity? Begin(ChargeBoxId charger, bool connects) =>
        Tracing.StartRoot(connects ? "ocpp connect" : "ocpp disconnect", ActivityKind.Server)?.SetTag(Charger, charger.Value);

    /// <summary>A command, from its place in the queue to its end, in the trace of whoever gave it.</summary>
    public static Activity? Begin(ChargeBoxId charger, Command command) =>
        Tracing.Start($"ocpp {command.Action}", ActivityKind.Client)?.SetTag(Charger, charger.Value).SetTag("ocpp.action", command.Action);

    /// <summary>Says how the CALL ended; null when it got no answer.</summary>
    public static void End(Activity? span, ChargerAnswer? answer)
    {
        if (span is null)
        {
            return;
        }

        if (answer?.ErrorCode is { } code)
        {
            span.SetTag("ocpp.outcome", "error").SetTag("ocpp.error_code", code).SetStatus(ActivityStatusCode.Error);
        }
        else
        {
            span.SetTag("ocpp.outcome", answer is null ? "unanswered" : answer.IsStale ? "stale" : "result");
        }

        span.Dispose();
    }
}
