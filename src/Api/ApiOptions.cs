namespace Capacitor.Api;

/// <summary>Settings of the HTTP API, section <c>Capacitor</c>.</summary>
internal sealed class ApiOptions
{
    /// <summary>Enables the admin API and is its key. Default: none, and the admin API answers 404.</summary>
    public string? AdminKey { get; init; }
}
