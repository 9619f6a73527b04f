using Capacitor.Tenants;

namespace Capacitor.IdTags;

/// <summary>Names an id tag of a tenant: 1 to 20 characters (OCPP's CiString20), found whatever the case.</summary>
[GenerateSerializer, Immutable, Alias("capacitor.id-tag-id")]
public readonly record struct IdTagId([property: Id(0)] TenantId Tenant, [property: Id(1)] string Text)
{
    /// <summary>The longest tag.</summary>
    public const int MaxLength = 20;

    /// <summary>What is allowed, in words.</summary>
    public const string Allowed = "1 to 20 printable ASCII characters other than / \\ and %, and no spaces at the ends";

    private const string Prefix = "a/";

    /// <summary>The tag as it is compared: in upper case.</summary>
    public string Key => Text.ToUpperInvariant();

    /// <summary>The key of the tag's grain: prefixed, with its tenant, upper case, percent-encoded.</summary>
    public string GrainKey => $"{Prefix}{Tenant.Value}/{Uri.EscapeDataString(Key)}";

    /// <summary>Reads a grain key back; the tag is in upper case then. Throws <see cref="FormatException"/> when it is not one of a tag.</summary>
    public static IdTagId FromGrainKey(string key)
    {
        var slash = key.LastIndexOf('/');
        return slash > Prefix.Length && key.StartsWith(Prefix, StringComparison.Ordinal)
            ? new(new TenantId(key[Prefix.Length..slash]), Uri.UnescapeDataString(key[(slash + 1)..]))
            : throw new FormatException($"'{key}' is no id tag's grain key.");
    }

    /// <summary>True when <paramref name="text"/> can be a tag.</summary>
    public static bool TryParse(TenantId tenant, string? text, out IdTagId id)
    {
        id = new(tenant, text ?? "");
        return text is { Length: > 0 and <= MaxLength } and not ("." or "..") && text.Trim().Length == text.Length
            && text.All(c => c is >= ' ' and <= '~' and not ('/' or '\\' or '%'));
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
