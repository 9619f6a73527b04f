using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Security;

/// <summary>Whose word counts about a connection: 127.0.0.2 is a trusted proxy, 127.0.0.1 is anybody.</summary>
[Collection(SecureFixture.Collection)]
public sealed class TrustedProxyTests(SecureFixture secure)
{
    [Theory]
    [InlineData("X-Forwarded-Proto", "https", 101)]
    [InlineData("X-Forwarded-Proto", "HTTPS", 101)]
    [InlineData("X-Forwarded-Proto", "http", 403)]
    [InlineData("X-Forwarded-Proto", "http, https", 101)]
    [InlineData("X-Forwarded-Proto", "https, http", 403)]
    [InlineData("Forwarded", "for=192.0.2.1;proto=https", 101)]
    [InlineData("Forwarded", "proto=https, for=\"[2001:db8::1]\";Proto=\"http\"", 403)]
    [InlineData("X-Forwarded-For", "192.0.2.1", 403)]
    public async Task Handshake_TrustedProxySaysTheScheme_IsBelieved(string header, string value, int status)
    {
        var id = await secure.AddChargerAsync(2);
        using var handshake = await secure.SendAsync(
            id, SecureFixture.Proxy, (header, value), ("Authorization", SecurityProfileTests.Basic(id, SecureFixture.Password)));
        Assert.Equal(status, handshake.Status);
    }

    [Fact]
    public async Task Handshake_ProxyHandsOnAChargersOwnHeader_TheOneThatSaysNoIsBelieved()
    {
        var id = await secure.AddChargerAsync(2);
        using var handshake = await secure.SendAsync(
            id, SecureFixture.Proxy, ("X-Forwarded-Proto", "http"), ("Forwarded", "proto=https"), ("Authorization", SecurityProfileTests.Basic(id, SecureFixture.Password)));
        Assert.Equal(403, handshake.Status);
    }

    [Theory]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("Forwarded", "proto=https")]
    public async Task Handshake_AnybodySaysTheScheme_IsIgnoredAndCounted(string header, string value)
    {
        var id = await secure.AddChargerAsync(2);
        using var handshake = await secure.SendAsync(
            id, IPAddress.Loopback, (header, value), ("Authorization", SecurityProfileTests.Basic(id, SecureFixture.Password)));
        Assert.Equal(403, handshake.Status);
        Assert.Contains(("capacitor.http.ignored_headers", header), secure.Counted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handshake_TrustedProxyHandsOnTheCertificate_IsCheckedLikeOneOfAConnection(bool asBytes)
    {
        var id = await secure.AddChargerAsync(3);
        using var own = secure.Authority.IssueClient(id);
        using var foreign = secure.OtherAuthority.IssueClient(id);
        Assert.Equal(101, await PresentAsync(id, SecureFixture.Proxy, Header(own, asBytes)));
        Assert.Equal(403, await PresentAsync(id, SecureFixture.Proxy, Header(foreign, asBytes)));
    }

    [Fact]
    public async Task Handshake_AnybodyHandsOnACertificate_IsIgnoredAndCounted()
    {
        var id = await secure.AddChargerAsync(3);
        using var own = secure.Authority.IssueClient(id);
        Assert.Equal(403, await PresentAsync(id, IPAddress.Loopback, Header(own, asBytes: true)));
        Assert.Contains(("capacitor.http.ignored_headers", "Client-Cert"), secure.Counted);
    }

    [Theory]
    [InlineData(":!!!:")]
    [InlineData("::")]
    [InlineData(":aGVsbG8=:")]
    [InlineData("-----BEGIN CERTIFICATE-----")]
    [InlineData("%2D%2D%2D%2D%2DBEGIN%20CERTIFICATE-----abc-----END%20CERTIFICATE-----")]
    [InlineData("hello")]
    public async Task Handshake_CertificateThatIsNone_IsRefusedAndNothingBreaks(string header)
    {
        var id = await secure.AddChargerAsync(3);
        Assert.Equal(403, await PresentAsync(id, SecureFixture.Proxy, header));
    }

    [Fact]
    public async Task ConnectionUrl_OfForwardedScheme_SaysWssOnlyForTrustedProxies()
    {
        var id = await secure.AddChargerAsync(null);
        var ofProxy = await ReadAsync(id, SecureFixture.Proxy);
        var ofAnybody = await ReadAsync(id, IPAddress.Loopback);
        Assert.StartsWith("wss://", ofProxy, StringComparison.Ordinal);
        Assert.StartsWith("ws://", ofAnybody, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Capacitor:TrustedProxies", "10.0.0.0/33", "10.0.0.0/33")]
    [InlineData("Capacitor:TrustedProxies", "10.0.0.0/8, everybody", "'everybody'")]
    [InlineData("Capacitor:ClientCertificateHeader", "X SSL", "Client-Cert")]
    [InlineData("ForwardedHeaders_Enabled", "true", "Capacitor:TrustedProxies")]
    public async Task Start_SettingThatWouldTrustTheWrongOnes_IsRefusedInWords(string key, string value, string words)
    {
        var failure = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => CapacitorServer.StartAsync(new Dictionary<string, string?> { [key] = value }));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    private static string Header(X509Certificate2 certificate, bool asBytes) =>
        asBytes ? $":{Convert.ToBase64String(certificate.RawData)}:" : Uri.EscapeDataString(certificate.ExportCertificatePem());

    private async Task<int> PresentAsync(string id, IPAddress from, string certificate)
    {
        using var handshake = await secure.SendAsync(id, from, ("X-Forwarded-Proto", "https"), ("Client-Cert", certificate));
        return handshake.Status;
    }

    private async Task<string?> ReadAsync(string id, IPAddress from)
    {
        using var http = new HttpClient(new SocketsHttpHandler { ConnectCallback = (context, _) => ConnectAsync(context.DnsEndPoint, from) });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(secure.Server.BaseAddress, $"/api/v1/chargers/{id}"));
        request.Headers.Add("X-API-Key", secure.Server.ApiKey);
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await http.SendAsync(request);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("connectionUrl").GetString();
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint server, IPAddress from)
    {
        var tcp = new TcpClient(new IPEndPoint(from, 0));
        await tcp.ConnectAsync(server.Host, server.Port);
        return tcp.GetStream();
    }
}
