using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Capacitor.Grains.Webhooks;
using Capacitor.Testing;
using Capacitor.Webhooks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>Endpoints with https: good and bad certificates, certificates of our own, HTTP/2.</summary>
public sealed class WebhookTlsTests : IDisposable
{
    private readonly SenderParts _parts = new();
    private readonly TestAuthority _authority = TestAuthority.Create();

    private WebhookTls Trusting => new() { Authorities = _authority.Pem };

    public void Dispose()
    {
        _parts.Dispose();
        _authority.Dispose();
    }

    [Theory]
    [InlineData(HttpProtocols.Http1AndHttp2, "HTTP/2")]
    [InlineData(HttpProtocols.Http2, "HTTP/2")]
    [InlineData(HttpProtocols.Http1, "HTTP/1.1")]
    public async Task Send_CertificateChecks_SpeaksTheHighestVersionOfferedAndKeepsTheConnection(HttpProtocols offered, string spoken)
    {
        await using var receiver = await SecureAsync(_authority.IssueServer(), protocols: offered);
        var first = await _parts.SendAsync(receiver.Url, Trusting);
        var second = await _parts.SendAsync(receiver.Url, Trusting);

        Assert.Equal((new DeliveryOutcome.Delivered(200), new DeliveryOutcome.Delivered(200)), (first.Outcome, second.Outcome));
        Assert.Equal([spoken, spoken], receiver.Received.Select(webhook => webhook.Protocol));
        Assert.Single(receiver.Received.Select(webhook => webhook.ConnectionId[..13]).Distinct());
        Assert.Equal((receiver.Url.Authority, receiver.Url.Authority), (first.Attempt.Address, second.Attempt.Address));
        Assert.Equal((false, true), (first.Attempt.Reused, second.Attempt.Reused));
        Assert.Equal((TimeSpan.Zero, null), (first.Attempt.Tls, second.Attempt.Tls)); // the clock stands still
    }

    [Fact]
    public async Task Send_ManyOverHttp2_ShareAConnectionOfWhichTheFirstHasTheTimes()
    {
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await SecureAsync(_authority.IssueServer());
        receiver.Answer = ReceiverAnswers.When(_ => all.Task);
        var sending = Enumerable.Range(0, 50).Select(_ => _parts.SendAsync(receiver.Url, Trusting)).ToList();
        await receiver.WaitForAsync(50);
        all.SetResult();
        var attempts = (await Task.WhenAll(sending)).Select(result => result.Attempt).ToList();
        Assert.All(attempts, attempt => Assert.Equal(("delivered", receiver.Url.Authority), (attempt.Outcome, attempt.Address)));
        Assert.Equal(49, attempts.Count(attempt => attempt.Reused));
        Assert.Single(receiver.Received.Select(webhook => webhook.ConnectionId[..13]).Distinct());
    }

    [Fact]
    public async Task Send_StreamIsReset_IsABrokenAnswerAndTheConnectionStays()
    {
        await using var receiver = await SecureAsync(_authority.IssueServer());
        receiver.Answer = (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        var broken = await _parts.SendAsync(receiver.Url, Trusting);
        receiver.Answer = ReceiverAnswers.Status(200);
        var good = await _parts.SendAsync(receiver.Url, Trusting);
        Assert.Equal(new DeliveryOutcome.BrokenAnswer("The endpoint ended the request by an error of HTTP/2."), broken.Outcome);
        Assert.Equal((new DeliveryOutcome.Delivered(200), true), (good.Outcome, good.Attempt.Reused));
        Assert.Equal(2, receiver.Received.Count);
    }

    [Fact]
    public async Task Send_CertificateOfNobodyWeTrust_FailsInTls()
    {
        await using var receiver = await SecureAsync(_authority.IssueServer());
        await FailsAsync(receiver, null, "The endpoint's certificate was not issued by an authority that is trusted.");
    }

    [Fact]
    public async Task Send_CertificateSignedItself_FailsInTls()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var epoch = DateTimeOffset.UnixEpoch;
        await using var receiver = await SecureAsync(request.CreateSelfSigned(epoch.AddYears(50), epoch.AddYears(79)));
        await FailsAsync(receiver, null, "The endpoint's certificate was not issued by an authority that is trusted.");
        await FailsAsync(receiver, Trusting, "The endpoint's certificate was not issued by an authority that is trusted.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_CertificateNamesAPlaceOfItsIssuer_IsNotFollowedThere(bool hasAuthorities)
    {
        await using var inside = new RawReceiver(connection => connection.ReadRequestAsync());
        using var issuer = _authority.Below("Issuer");
        using var certificate = issuer.IssueServerOfIssuerAt(new Uri(inside.Url, "/latest/meta-data"));
        await using var receiver = Presenting(certificate);
        var result = await _parts.SendAsync(receiver.SecureUrl, hasAuthorities ? Trusting : null);
        Assert.Equal(new DeliveryOutcome.TlsFailed("The endpoint's certificate was not issued by an authority that is trusted."), result.Outcome);
        Assert.Equal(0, inside.Connections);
    }

    [Fact]
    public async Task Send_CertificateIsForClients_FailsInTls()
    {
        using var certificate = _authority.IssueClient("localhost", dnsName: "localhost");
        await using var receiver = Presenting(certificate);
        using var parts = new SenderParts(resolve: _ => [IPAddress.Loopback]);
        var result = await parts.SendAsync(new UriBuilder(receiver.SecureUrl) { Host = "localhost" }.Uri, Trusting);
        Assert.Equal(new DeliveryOutcome.TlsFailed("The endpoint's certificate is not valid."), result.Outcome);
    }

    [Fact]
    public async Task Send_CertificateExpired_FailsInTls()
    {
        await using var receiver = await SecureAsync(_authority.IssueExpiredServer());
        await FailsAsync(receiver, Trusting, "The endpoint's certificate has expired, or is not valid yet.");
    }

    [Fact]
    public async Task Send_CertificateOfAnotherName_FailsInTls()
    {
        await using var receiver = await SecureAsync(_authority.IssueServerNamed("other.example"));
        await FailsAsync(receiver, Trusting, "The endpoint's certificate is for another name.");
    }

    [Fact]
    public async Task Send_EndpointSpeaksNoTls_FailsInTls()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var result = await _parts.SendAsync(new UriBuilder(receiver.Url) { Scheme = "https" }.Uri);
        Assert.Equal(new DeliveryOutcome.TlsFailed("The endpoint does not speak TLS."), result.Outcome);
    }

    [Fact]
    public async Task Send_EndpointBreaksOffTheHandshake_FailsInTls()
    {
        await using var receiver = new RawReceiver(async connection => _ = await connection.Stream.ReadAsync(new byte[1024]));
        var result = await _parts.SendAsync(receiver.SecureUrl);
        Assert.IsType<DeliveryOutcome.TlsFailed>(result.Outcome);
        Assert.Equal(receiver.Url.Authority, result.Attempt.Address);
    }

    [Fact]
    public async Task Send_HandshakeHangs_IsAConnectTimeout()
    {
        var hello = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = new RawReceiver(async connection =>
        {
            _ = await connection.Stream.ReadAsync(new byte[1024]);
            hello.SetResult();
            await connection.WaitForCloseAsync();
        });
        var result = await _parts.RunOutAsync(receiver.SecureUrl, hello.Task);
        Assert.Equal(new DeliveryOutcome.ConnectTimedOut($"{receiver.Url.Authority} took the connection and did not end the TLS handshake in time."), result.Outcome);
    }

    [Fact]
    public async Task Send_Handshake_OffersTls12And13AndNothingOlder()
    {
        var hello = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = new RawReceiver(async connection =>
        {
            var buffer = new byte[4096];
            hello.SetResult(buffer[..await connection.Stream.ReadAsync(buffer)]);
        });
        await _parts.SendAsync(receiver.SecureUrl);

        // The extension supported_versions (43) with a list of two: TLS 1.3 and 1.2 (RFC 8446 §4.2.1).
        Assert.NotEqual(-1, (await hello.Task).AsSpan().IndexOf((ReadOnlySpan<byte>)[0, 43, 0, 5, 4, 3, 4, 3, 3]));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Send_EndpointWantsACertificate_GetsOursWithItsChain(SslProtocols version)
    {
        using var ours = TestAuthority.Create("Our Root");
        using var below = ours.Below("Our Issuer");
        using var client = below.IssueClient("capacitor");
        using var key = client.GetECDsaPrivateKey()!;
        await using var receiver = await SecureAsync(_authority.IssueServer(), https =>
        {
            https.SslProtocols = version;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, chain, _) => Verify(ours, certificate, chain!);
        });
        var presenting = Trusting with { ClientCertificate = client.ExportCertificatePem() + "\n" + below.Pem, ClientKey = key.ExportPkcs8PrivateKeyPem() };

        Assert.Equal(new DeliveryOutcome.Delivered(200), (await _parts.SendAsync(receiver.Url, presenting)).Outcome);
        Assert.Equal("CN=capacitor", Assert.Single(receiver.Received).ClientCertificate);

        // It may look at our certificate when the handshake is over for us, and what we see first is its alert or the end of the connection.
        Assert.Contains((await _parts.SendAsync(receiver.Url, Trusting)).Attempt.Outcome, (string[])["tls_failed", "broken_answer"]);
        Assert.Single(receiver.Received);
    }

    [Fact]
    public async Task Send_SettingsThatCannotBeRead_FailInTls()
    {
        var result = await _parts.SendAsync(new Uri("https://127.0.0.1:1/"), new WebhookTls { ClientCertificate = "no pem", ClientKey = "none" });
        Assert.Equal(new DeliveryOutcome.TlsFailed("The TLS settings of the webhook cannot be used."), result.Outcome);
    }

    [Fact]
    public async Task Send_SameSettings_ShareAHandlerThatGoesWhenUnusedAndNotBefore()
    {
        var (came, gate) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var receiver = await SecureAsync(_authority.IssueServer());
        using var other = TestAuthority.Create();
        await _parts.SendAsync(receiver.Url, Trusting);
        await _parts.SendAsync(receiver.Url, new WebhookTls { Authorities = new string(_authority.Pem) });
        Assert.Equal(1, _parts.Sender.TlsHandlers);
        await _parts.SendAsync(receiver.Url, Trusting with { Authorities = _authority.Pem + "\n" + other.Pem });
        Assert.Equal(2, _parts.Sender.TlsHandlers);

        receiver.Answer = ReceiverAnswers.When(_ =>
        {
            came.SetResult();
            return gate.Task;
        });
        var under = _parts.SendAsync(receiver.Url, Trusting);
        await came.Task;
        _parts.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(2, _parts.Sender.TlsHandlers);
        _parts.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, _parts.Sender.TlsHandlers);
        gate.SetResult();
        Assert.Equal(new DeliveryOutcome.Delivered(200), (await under).Outcome);
        _parts.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(1, _parts.Sender.TlsHandlers);
        _parts.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, _parts.Sender.TlsHandlers);

        receiver.Answer = ReceiverAnswers.Status(200);
        Assert.Equal(new DeliveryOutcome.Delivered(200), (await _parts.SendAsync(receiver.Url, Trusting)).Outcome);
    }

    private static bool Verify(TestAuthority root, X509Certificate2 certificate, X509Chain sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(root.Certificate);
        chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        return chain.Build(certificate);
    }

    private static Task<WebhookReceiver> SecureAsync(X509Certificate2 certificate, Action<HttpsConnectionAdapterOptions>? change = null, HttpProtocols protocols = HttpProtocols.Http1AndHttp2) =>
        WebhookReceiver.StartAsync(listen: options =>
        {
            options.Protocols = protocols;
            options.UseHttps(certificate, https => change?.Invoke(https));
        });

    // Kestrel would look for the rest of the chain, and refuse some certificates.
    private static RawReceiver Presenting(X509Certificate2 certificate)
    {
        var context = SslStreamCertificateContext.Create(certificate, null, offline: true);
        return new RawReceiver(async connection =>
        {
            await using var tls = new SslStream(connection.Stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = context });
            _ = await tls.ReadAsync(new byte[1024]);
        });
    }

    private async Task FailsAsync(WebhookReceiver receiver, WebhookTls? tls, string error)
    {
        var result = await _parts.SendAsync(receiver.Url, tls);
        Assert.Equal(new DeliveryOutcome.TlsFailed(error), result.Outcome);
        Assert.Equal(("tls_failed", error, receiver.Url.Authority), (result.Attempt.Outcome, result.Attempt.Error, result.Attempt.Address));
        Assert.Empty(receiver.Received);
    }
}
