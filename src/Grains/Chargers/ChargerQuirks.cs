using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Chargers;

/// <summary>What is known of makes and models that behave unlike others.</summary>
internal sealed class ChargerQuirks(IOptions<ChargerOptions> options)
{
    private readonly HashSet<string> _neverRedial = new(options.Value.AbortInsteadOfClose, StringComparer.OrdinalIgnoreCase);

    /// <summary>True when such a charger takes a close for good; see <see cref="ChargerOptions.AbortInsteadOfClose"/>.</summary>
    public bool NeverRedials(BootData? boot) =>
        _neverRedial.Count > 0 && boot?.Vendor is { } vendor && (_neverRedial.Contains(vendor) || _neverRedial.Contains($"{vendor}/{boot.Model}"));
}
