using Capacitor.Api.Json;
using Capacitor.IdTags;

namespace Capacitor.Api.IdTags;

/// <summary>What is done with unknown tags, as the wire spells it.</summary>
internal static class UnknownIdTagWord
{
    public static readonly string[] All = ["accept", "reject"];

    public static string Of(UnknownIdTagPolicy policy) => All[(int)policy];

    /// <summary>What a body says of it; null when it says nothing.</summary>
    public static UnknownIdTagPolicy? Read(JsonMember member) => member.IsAbsent ? null : (UnknownIdTagPolicy)Array.IndexOf(All, member.OneOf(All));
}
