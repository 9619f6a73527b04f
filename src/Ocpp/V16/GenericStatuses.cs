using Capacitor.Ocpp.Payloads;

namespace Capacitor.Ocpp.V16;

/// <summary>Yes or no, as RemoteStartTransaction, RemoteStopTransaction, Reset and SignCertificate are answered.</summary>
public static class GenericStatuses
{
    public const string Accepted = "Accepted";
    public const string Rejected = "Rejected";

    public static WordSet Words { get; } = new(Accepted, Rejected);
}
