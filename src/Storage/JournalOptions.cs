using Microsoft.Extensions.Options;

namespace Capacitor.Storage;

/// <summary>Where the journal is and how long it remembers.</summary>
public sealed class JournalOptions
{
    /// <summary>The shortest <see cref="EventRetention"/>.</summary>
    public static readonly TimeSpan ShortestRetention = TimeSpan.FromHours(1);

    /// <summary>The folder of the embedded store, relative to the current directory; made when missing. Default <c>./data</c>.</summary>
    public string DataDirectory { get; set; } = "./data";

    /// <summary>How long events can be read again. Default 30 days, at least an hour.</summary>
    public TimeSpan EventRetention { get; set; } = TimeSpan.FromDays(30);
}

internal sealed class JournalOptionsValidator : IValidateOptions<JournalOptions>
{
    public ValidateOptionsResult Validate(string? name, JournalOptions options)
    {
        List<string> wrong = [];
        if (string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            wrong.Add("Capacitor:DataDirectory is empty; name a folder, such as ./data.");
        }
        if (options.EventRetention < JournalOptions.ShortestRetention)
        {
            wrong.Add($"Capacitor:EventRetention is {options.EventRetention}; it must be at least {JournalOptions.ShortestRetention}.");
        }
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
