using System.IO.Hashing;
using System.Text;
using Capacitor.Tenants;

namespace Capacitor.Storage;

/// <summary>Which partition a tenant's events are in. The function is stored data: changing it would strand what is stored.</summary>
internal static class Partitioning
{
    /// <summary>Partitions of a new store.</summary>
    public const int DefaultCount = 8;

    public static int PartitionOf(TenantId tenant, int partitions)
    {
        var text = tenant.Value;
        Span<byte> utf8 = stackalloc byte[256];
        var length = text.Length * 3 <= utf8.Length ? Encoding.UTF8.GetBytes(text, utf8) : -1;
        var hash = XxHash3.HashToUInt64(length < 0 ? Encoding.UTF8.GetBytes(text) : utf8[..length]);
        return (int)(hash % (uint)partitions);
    }
}
