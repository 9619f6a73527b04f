using System.Net.Http.Json;
using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>npm ocpp-rpc over wss, which checks our certificate like any other and every frame against OCPP's schemas.</summary>
public sealed class SecureClientTests : IDisposable
{
    private const string Password = "a-password-of-16-bytes";

    private readonly TemporaryDirectory _data = new();
    private readonly TemporaryDirectory _files = new();
    private readonly TestAuthority _authority = TestAuthority.Create();

    public void Dispose()
    {
        _authority.Dispose();
        _files.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task OcppRpc_TlsAndPassword_LivesAWholeLife()
    {
        await using var server = await StartAsync();
        await RegisterAsync(server, new { chargeBoxId = "RDAM 123", password = Password, securityProfile = 2 });
        await using var client = NodeClient.Start("charger-life.mjs", await server.SecureOcppUrlAsync(), "RDAM 123", Password, CaFile());
        await LiveAsync(server, client, "RDAM 123");
    }

    [Fact]
    public async Task OcppRpc_MutualTls_LivesAWholeLife()
    {
        await using var server = await StartAsync();
        using var added = await server.Http.PostAsJsonAsync("/api/v1/certificate-authorities", new { pem = _authority.Pem });
        Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());
        await RegisterAsync(server, new { chargeBoxId = "RDAM-124", securityProfile = 3 });
        using var certificate = _authority.IssueClient("RDAM-124");
        var own = CertificateFiles.Write(_files.Path, "charger", certificate);
        await using var client = NodeClient.Start("charger-life.mjs", await server.SecureOcppUrlAsync(), "RDAM-124", "", CaFile(), own.Certificate, own.Key);
        await LiveAsync(server, client, "RDAM-124");
    }

    private static async Task LiveAsync(ServerProcess server, NodeClient client, string chargeBoxId)
    {
        await client.NextAsync("ready");
        var listed = await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/transactions?chargeBoxId={Uri.EscapeDataString(chargeBoxId)}");
        var transaction = Assert.Single(listed.GetProperty("transactions").EnumerateArray());
        Assert.Equal(("completed", 14m), (transaction.GetProperty("status").GetString(), transaction.GetProperty("energyDelivered").GetDecimal()));
        using var reset = await server.Http.PostAsJsonAsync($"/api/v1/chargers/{Uri.EscapeDataString(chargeBoxId)}/reset", new { type = "Hard" });
        Assert.True(reset.IsSuccessStatusCode, await reset.Content.ReadAsStringAsync());
        Assert.Equal("Hard", (await client.NextAsync("reset")).GetProperty("reset").GetString());
        await client.SendAsync("end");
        await client.NextAsync("done");
    }

    private static async Task RegisterAsync(ServerProcess server, object charger)
    {
        using var answer = await server.Http.PostAsJsonAsync("/api/v1/chargers", charger);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private Task<ServerProcess> StartAsync()
    {
        using var certificate = _authority.IssueServer();
        var settings = CertificateFiles.Endpoints(CertificateFiles.Write(_files.Path, "server", certificate));
        return ServerProcess.StartAsync(_data.Path, [.. settings.Select(setting => $"--{setting.Key}={setting.Value}")]);
    }

    private string CaFile()
    {
        var path = Path.Combine(_files.Path, "ca.crt");
        File.WriteAllText(path, _authority.Pem);
        return path;
    }
}
