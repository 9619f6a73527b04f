using System.Diagnostics.Metrics;

namespace Capacitor.Api.Ocpp;

/// <summary>What the edge counts. Labels come from closed sets only: whatever a charger makes up is <c>other</c>.</summary>
internal sealed class OcppMetrics
{
    private readonly UpDownCounter<int> _connections;
    private readonly Counter<long> _handshakes;
    private readonly Counter<long> _calls;
    private readonly Counter<long> _callErrors;
    private readonly Counter<long> _ignored;
    private readonly Counter<long> _ignoredHeaders;
    private readonly Counter<long> _commands;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _attachments;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _callDuration;

    public OcppMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Capacitor");
        _connections = meter.CreateUpDownCounter<int>("capacitor.ocpp.connections", description: "Chargers connected to this process");
        _handshakes = meter.CreateCounter<long>("capacitor.ocpp.handshakes", description: "Handshakes by outcome");
        _ended = meter.CreateCounter<long>("capacitor.ocpp.disconnects", description: "Connections that ended, by cause");
        _attachments = meter.CreateCounter<long>("capacitor.ocpp.attachments", description: "Attempts to record a connection with its charger, by outcome");
        _retries = meter.CreateCounter<long>("capacitor.ocpp.call_retries", description: "Calls from chargers tried once more after a failure, by action");
        _calls = meter.CreateCounter<long>("capacitor.ocpp.calls", description: "Calls from chargers by action and outcome");
        _callErrors = meter.CreateCounter<long>("capacitor.ocpp.call_errors", description: "CALLERRORs sent to chargers by code");
        _ignored = meter.CreateCounter<long>("capacitor.ocpp.ignored_frames", description: "Frames that got no answer, by kind");
        _ignoredHeaders = meter.CreateCounter<long>("capacitor.http.ignored_headers", description: "Headers of proxies that came from others, by name");
        _commands = meter.CreateCounter<long>("capacitor.ocpp.commands", description: "Commands to chargers by outcome");
        _callDuration = meter.CreateHistogram<double>("capacitor.ocpp.call.duration", "s", "From a call's arrival to its answer");
    }

    public void Connected() => _connections.Add(1);

    public void Disconnected(string cause)
    {
        _connections.Add(-1);
        _ended.Add(1, new KeyValuePair<string, object?>("cause", cause));
    }

    public void Handshake(string outcome) => _handshakes.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Attachment(string outcome) => _attachments.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Retried(string action) => _retries.Add(1, new KeyValuePair<string, object?>("action", ActionLabel.Of(action)));

    public void Answered(string action, TimeSpan took)
    {
        var known = ActionLabel.Of(action);
        _calls.Add(1, new("action", known), new("outcome", "result"));
        _callDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("action", known));
    }

    public void Refused(string action, string code, TimeSpan took)
    {
        var known = ActionLabel.Of(action);
        _calls.Add(1, new("action", known), new("outcome", "error"));
        _callErrors.Add(1, new KeyValuePair<string, object?>("code", code));
        _callDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("action", known));
    }

    public void Repeated(string action) => _calls.Add(1, new("action", ActionLabel.Of(action)), new("outcome", "repeated"));

    public void Ignored(string kind) => _ignored.Add(1, new KeyValuePair<string, object?>("kind", kind));

    /// <summary>The name comes from the configuration or from us, never from a request.</summary>
    public void IgnoredHeader(string header) => _ignoredHeaders.Add(1, new KeyValuePair<string, object?>("header", header));

    public void Command(string outcome) => _commands.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
