using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace Capacitor.Api.Tests.Security;

/// <summary>Every security profile against every way to come.</summary>
[Collection(SecureFixture.Collection)]
public sealed class SecurityProfileTests(SecureFixture secure)
{
    [Theory]
    [InlineData(0, 101, 403, 403, 403, 403, 403)]
    [InlineData(1, 401, 101, 403, 403, 403, 403)]
    [InlineData(2, 403, 403, 401, 101, 401, 101)]
    [InlineData(3, 403, 403, 403, 403, 101, 101)]
    [InlineData(null, 101, 101, 101, 101, 101, 101)]
    public async Task Handshake_OfEachProfile_LetsInNoneButItsOwn(
        int? profile, int plain, int plainPassword, int tls, int tlsPassword, int tlsCertificate, int tlsPasswordAndCertificate)
    {
        var id = await secure.AddChargerAsync(profile);
        using var certificate = secure.Authority.IssueClient(id);
        int[] statuses =
        [
            await secure.TryAsync(id, tls: false, password: false),
            await secure.TryAsync(id, tls: false, password: true),
            await secure.TryAsync(id, tls: true, password: false),
            await secure.TryAsync(id, tls: true, password: true),
            await secure.TryAsync(id, tls: true, password: false, certificate),
            await secure.TryAsync(id, tls: true, password: true, certificate),
        ];
        Assert.Equal([plain, plainPassword, tls, tlsPassword, tlsCertificate, tlsPasswordAndCertificate], statuses);
    }

    [Fact]
    public async Task Handshake_NoProfileButAPassword_AsksForItOverAnything()
    {
        var id = await secure.AddChargerAsync(null, hasPassword: true);
        int[] statuses =
        [
            await secure.TryAsync(id, tls: false, password: false),
            await secure.TryAsync(id, tls: false, password: true),
            await secure.TryAsync(id, tls: true, password: false),
            await secure.TryAsync(id, tls: true, password: true),
        ];
        Assert.Equal([401, 101, 401, 101], statuses);
    }

    [Fact]
    public async Task Handshake_CertificatesOfProfile3_MustBeTheChargersAndValidNow()
    {
        var id = await secure.AddChargerAsync(3);
        using var otherCase = secure.Authority.IssueClient(id.ToUpperInvariant());
        using var alternative = secure.Authority.IssueClient("a serial number", dnsName: id);
        using var noPurpose = secure.Authority.IssueWithoutPurpose(id);
        using var foreignName = secure.Authority.IssueClient(id + "0");
        using var foreignAuthority = secure.OtherAuthority.IssueClient(id);
        using var expired = secure.Authority.IssueClient(id, notAfter: DateTimeOffset.UnixEpoch.AddYears(51));
        using var serversOnly = secure.Authority.IssueForServersOnly(id);
        Assert.Equal(101, await secure.TryAsync(id, tls: true, password: false, otherCase));
        Assert.Equal(101, await secure.TryAsync(id, tls: true, password: false, alternative));
        Assert.Equal(101, await secure.TryAsync(id, tls: true, password: false, noPurpose));
        Assert.Equal(403, await secure.TryAsync(id, tls: true, password: false, foreignName));
        Assert.Equal(403, await secure.TryAsync(id, tls: true, password: false, foreignAuthority));
        Assert.Equal(403, await secure.TryAsync(id, tls: true, password: false, expired));
        Assert.Equal(403, await secure.TryAsync(id, tls: true, password: false, serversOnly));
    }

    [Fact]
    public async Task Handshake_PasswordOverPlain_IsNotEvenLookedAtWhenTlsIsAskedFor()
    {
        // Else the answer would tell whoever listens that the password is right.
        var id = await secure.AddChargerAsync(2);
        using var right = await secure.SendAsync(id, System.Net.IPAddress.Loopback, ("Authorization", Basic(id, SecureFixture.Password)));
        using var wrong = await secure.SendAsync(id, System.Net.IPAddress.Loopback, ("Authorization", Basic(id, "wrong")));
        Assert.Equal((403, right.Body), (wrong.Status, wrong.Body));
        Assert.Contains("wss", JsonDocument.Parse(right.Body).RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handshake_Refused_IsCountedByItsReason()
    {
        var id = await secure.AddChargerAsync(3);
        Assert.Equal(403, await secure.TryAsync(id, tls: true, password: false));
        Assert.Contains(("capacitor.ocpp.handshakes", "no_certificate"), secure.Counted);
    }

    [Fact]
    public async Task Socket_OverTls_CarriesLongMessages()
    {
        var id = await secure.AddChargerAsync(2);
        await using var charger = await secure.ConnectAsync(id, tls: true, password: true);
        var answer = await charger.CallAsync("DataTransfer", JsonSerializer.Serialize(new { vendorId = "Acme", data = new string('x', 100_000) }));
        Assert.False(answer.IsError);
        for (var i = 0; i < 50; i++)
        {
            Assert.False((await charger.CallAsync("Heartbeat")).IsError);
        }
    }

    [Fact]
    public async Task Handshake_AuthorityBelowTheRoot_CountsUntilItIsRemoved()
    {
        using var below = secure.Authority.Below("Charger CA");
        var path = new Uri("/api/v1/certificate-authorities", UriKind.Relative);
        var id = await secure.AddChargerAsync(3);
        using var certificate = below.IssueClient(id);
        Assert.Equal(403, await secure.TryAsync(id, tls: true, password: false, certificate)); // nobody knows the one in between
        using var added = await secure.Server.Http.PostAsJsonAsync(path, new { pem = below.Pem });
        Assert.True(added.IsSuccessStatusCode);
        Assert.Equal(101, await secure.TryAsync(id, tls: true, password: false, certificate));
        using var removed = await secure.Server.Http.DeleteAsync(new Uri($"{path}/{below.Certificate.GetCertHashString(HashAlgorithmName.SHA256)}", UriKind.Relative));
        Assert.True(removed.IsSuccessStatusCode);
        Assert.Equal(403, await secure.TryAsync(id, tls: true, password: false, certificate));
    }

    internal static string Basic(string id, string password) => "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{id}:{password}"));
}
