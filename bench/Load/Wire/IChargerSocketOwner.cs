namespace Capacitor.Load.Wire;

/// <summary>Hears what happens on a <see cref="ChargerSocket"/>.</summary>
internal interface IChargerSocketOwner
{
    void Opened();

    void Received(ReadOnlySpan<byte> text);

    void Closed(string why);
}
