using System.Net.Http.Json;
using System.Text.Json;
using Capacitor.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace Capacitor.Testing;

/// <summary>
/// The real program in this process: Kestrel on a free port, a silo, and a journal in a folder of its own.
/// Can be stopped and started again on the same folder and port.
/// </summary>
public sealed class CapacitorServer : IAsyncDisposable
{
    private readonly Dictionary<string, string?> _settings;
    private readonly Action<WebApplicationBuilder>? _configure;
    private readonly List<HttpClient> _clients = [];
    private WebApplication? _app;
    private int _port;

    private CapacitorServer(IReadOnlyDictionary<string, string?> settings, Action<WebApplicationBuilder>? configure)
    {
        _configure = configure;
        _settings = new()
        {
            ["environment"] = "Development",
            ["Logging:LogLevel:Default"] = "Warning",
            ["Capacitor:DataDirectory"] = DataDirectory,
            ["Capacitor:BootstrapApiKey"] = ApiKey,
            ["Capacitor:AdminKey"] = AdminKey,
        };
        foreach (var (key, value) in settings)
        {
            _settings[key] = value;
        }
    }

    /// <summary>The key of the tenant <c>default</c>, tier <c>scale</c>.</summary>
    public string ApiKey { get; } = $"cap_live_{Guid.NewGuid():N}";

    /// <summary>The operator's key.</summary>
    public string AdminKey { get; } = $"admin-{Guid.NewGuid():N}";

    /// <summary>The journal's folder; goes with the server.</summary>
    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("capacitor-").FullName;

    /// <summary>Where the server listens, such as <c>http://127.0.0.1:41234</c>.</summary>
    public Uri BaseAddress => new($"http://127.0.0.1:{_port}");

    /// <summary>Where the server listens with TLS. Throws when it does not.</summary>
    public Uri SecureAddress => new(_app!.Urls.First(url => url.StartsWith("https://", StringComparison.Ordinal)));

    /// <summary>Speaks for the tenant <c>default</c>.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>Speaks for the operator.</summary>
    public HttpClient Admin { get; private set; } = null!;

    /// <summary>Speaks for nobody.</summary>
    public HttpClient Anonymous { get; private set; } = null!;

    /// <summary>The services of the running server.</summary>
    public IServiceProvider Services => (_app ?? throw new InvalidOperationException("The server is stopped.")).Services;

    /// <summary>The grains of the running server.</summary>
    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts a server. A setting of null takes one of the defaults away; <paramref name="configure"/> has the last word on services.</summary>
    public static async Task<CapacitorServer> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null, Action<WebApplicationBuilder>? configure = null)
    {
        var server = new CapacitorServer(settings ?? new Dictionary<string, string?>(), configure);
        try
        {
            await server.StartAgainAsync();
            server.Http = server.ClientOf("X-API-Key", server.ApiKey);
            server.Admin = server.ClientOf("X-Admin-Key", server.AdminKey);
            server.Anonymous = server.ClientOf(null, null);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the stopped server on the same folder and port.</summary>
    public async Task StartAgainAsync()
    {
        string[] args = [$"--urls=http://127.0.0.1:{_port}", .. _settings.Where(setting => setting.Value is not null).Select(setting => $"--{setting.Key}={setting.Value}")];
        _app = Api.Program.Build(args, _configure);
        await _app.StartAsync();
        _port = new Uri(_app.Urls.First(url => url.StartsWith("http://", StringComparison.Ordinal))).Port;
    }

    /// <summary>Stops the server as SIGTERM does.</summary>
    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    /// <summary>Stops the server and starts it again on the same folder and port.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    /// <summary>Where a charger connects.</summary>
    public Uri OcppAddress(string chargeBoxId) => new($"ws://127.0.0.1:{_port}/ocpp/{Uri.EscapeDataString(chargeBoxId)}");

    /// <summary>A client that presents a key of one's own choice.</summary>
    public HttpClient ClientOf(string? header, string? key)
    {
        var client = new HttpClient(new CheckedAnswers()) { BaseAddress = BaseAddress };
        if (header is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation(header, key);
        }

        _clients.Add(client);
        return client;
    }

    /// <summary>Makes a tenant with a key, by the admin API.</summary>
    public async Task<TestTenant> AddTenantAsync(Tier tier)
    {
        var name = tier.ToString().ToLowerInvariant();
        var id = await ReadAsync(Admin.PostAsJsonAsync("/api/v1/admin/tenants", new { name, tier = name }), "id");
        var key = await ReadAsync(Admin.PostAsJsonAsync($"/api/v1/admin/tenants/{id}/api-keys", new { name = "test" }), "key");
        return new(new TenantId(id), key, ClientOf("X-API-Key", key));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        await StopAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private static async Task<string> ReadAsync(Task<HttpResponseMessage> request, string member)
    {
        using var response = await request;
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty(member).GetString()!;
    }
}

/// <summary>A tenant, and a client that speaks for it.</summary>
public sealed record TestTenant(TenantId Id, string ApiKey, HttpClient Http);
