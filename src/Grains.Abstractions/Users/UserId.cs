using System.Buffers;
using System.Security.Cryptography;
using Capacitor.Tenants;

namespace Capacitor.Users;

/// <summary>Names a user of a tenant: <c>usr_…</c></summary>
[GenerateSerializer, Immutable, Alias("capacitor.user-id")]
public readonly record struct UserId([property: Id(0)] TenantId Tenant, [property: Id(1)] string Value)
{
    private const string Prefix = "usr_";
    private const string Characters = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Digits = 26;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(Characters);

    /// <summary>The key of the user's grain.</summary>
    public string GrainKey => $"u/{Tenant.Value}/{Value}";

    /// <summary>An id that nobody has.</summary>
    public static UserId New(TenantId tenant) => new(tenant, Prefix + RandomNumberGenerator.GetString(Characters, Digits));

    /// <summary>True when <paramref name="text"/> can be an id.</summary>
    public static bool TryParse(TenantId tenant, string? text, out UserId id)
    {
        id = new(tenant, text ?? "");
        return text is not null && text.Length == Prefix.Length + Digits && text.StartsWith(Prefix, StringComparison.Ordinal)
            && !text.AsSpan(Prefix.Length).ContainsAnyExcept(Allowed);
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
