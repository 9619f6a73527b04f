using Capacitor.Chargers;
using Capacitor.Ocpp;

namespace Capacitor.Api.Ocpp;

internal sealed partial class ChargerSocket
{
    private FrameAnomalies? _anomalies;

    private void Judge(in OcppFrame frame, bool isBinary)
    {
        if (FrameAnomalies.Judge(frame) is var (kind, detail))
        {
            Note(kind, frame.Action, detail);
        }

        if (isBinary)
        {
            Note("binary_frame", frame.Action, "The frame should be text.");
        }
    }

    private void Note(string kind, string? action, string detail)
    {
        var anomalies = LazyInitializer.EnsureInitialized(ref _anomalies);
        if (anomalies.Note(kind, action, detail, edge.Time.GetUtcNow(), edge.Clock.Tick))
        {
            TellAnomalies();
        }
    }

    /// <summary>Tells the charger's grain what has been counted. What gets lost on the way is not worth asking again.</summary>
    private void TellAnomalies()
    {
        // Before the attach nobody would take it: it stays counted until then.
        if (Epoch != 0 && _anomalies?.Take() is { Length: > 0 } counted)
        {
            charger.NoteAsync(Epoch, counted).Ignore();
        }
    }
}
