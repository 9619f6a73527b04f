using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Secrets;

/// <summary>With what secrets are sealed before they are stored: <c>Capacitor:SecretKeys</c>.</summary>
public sealed class SecretOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Capacitor";

    /// <summary>Keys of 32 bytes in base64. The first seals, all of them open. Default: none, and one machine makes its own.</summary>
    public IList<string> SecretKeys { get; } = [];
}

internal sealed class SecretOptionsValidator : IValidateOptions<SecretOptions>
{
    public ValidateOptionsResult Validate(string? name, SecretOptions options)
    {
        var failures = new List<string>();
        for (var i = 0; i < options.SecretKeys.Count; i++)
        {
            if (options.SecretKeys[i] is { Length: > 0 } text && !SecretKey.TryParse(text, out _))
            {
                failures.Add($"{SecretOptions.Section}:SecretKeys:{i} {SecretKey.Rule}");
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
