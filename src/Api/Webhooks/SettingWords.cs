using Capacitor.Webhooks;

namespace Capacitor.Api.Webhooks;

/// <summary>The words that a webhook's settings are written with.</summary>
internal static class SettingWords
{
    public const string Strict = "strict";
    public const string Relaxed = "relaxed";
    public const string V1 = "v1";
    public const string V1a = "v1a";

    public static string Of(SignatureScheme scheme) => scheme == SignatureScheme.V1a ? V1a : V1;
}
