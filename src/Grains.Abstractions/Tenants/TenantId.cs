namespace Capacitor.Tenants;

/// <summary>Names a tenant. The grain key starts with <c>t/</c> so that no storage mistakes it for a hexadecimal number.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.tenant-id")]
public readonly record struct TenantId([property: Id(0)] string Value)
{
    private const string Prefix = "t/";

    /// <summary>The tenant that the first start makes.</summary>
    public static TenantId Default => new("default");

    /// <summary>The key of the tenant's grains and of its stream.</summary>
    public string GrainKey => Prefix + Value;

    /// <summary>Reads a grain key back. Throws <see cref="FormatException"/> when it is not one of a tenant.</summary>
    public static TenantId FromGrainKey(string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) ? new(key[Prefix.Length..]) : throw new FormatException($"'{key}' is no tenant's grain key.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
