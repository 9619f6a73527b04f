using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Capacitor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Capacitor.Api.Tests.Security;

/// <summary>A server with and without TLS, that trusts the proxy at 127.0.0.2 and has an authority for its chargers.</summary>
public sealed class SecureFixture : IAsyncLifetime
{
    public const string Collection = "secure";
    public const string Password = "correct horse battery";

    private static int _lastId;

    private readonly MeterListener _listener = new();

    public static IPAddress Proxy { get; } = IPAddress.Parse("127.0.0.2");

    public TestAuthority Authority { get; } = TestAuthority.Create();

    public TestAuthority OtherAuthority { get; } = TestAuthority.Create();

    /// <summary>What the server's counters counted, with the value of their first label.</summary>
    public ConcurrentQueue<(string Counter, string? Label)> Counted { get; } = new();

    public CapacitorServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        using var certificate = Authority.IssueServer();
        var files = CertificateFiles.Write(Directory.CreateTempSubdirectory("capacitor-tls-").FullName, "server", certificate);
        Server = await CapacitorServer.StartAsync(new Dictionary<string, string?>(CertificateFiles.Endpoints(files)) { ["Capacitor:TrustedProxies"] = "10.0.0.0/8, 127.0.0.2" });
        Directory.Delete(Path.GetDirectoryName(files.Certificate)!, recursive: true);
        var meters = Server.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) =>
            Counted.Enqueue((instrument.Name, tags.Length > 0 ? tags[0].Value?.ToString() : null)));
        _listener.Start();
        using var added = await Server.Http.PostAsJsonAsync("/api/v1/certificate-authorities", new { pem = Authority.Pem });
        Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());
    }

    public async Task DisposeAsync()
    {
        _listener.Dispose();
        await Server.DisposeAsync();
        Authority.Dispose();
        OtherAuthority.Dispose();
    }

    /// <summary>Registers a charger with this profile and what goes with it.</summary>
    public async Task<string> AddChargerAsync(int? securityProfile, bool? hasPassword = null)
    {
        var chargeBoxId = $"Sec-{Interlocked.Increment(ref _lastId)}";
        var password = hasPassword ?? securityProfile is 1 or 2 ? Password : null;
        using var answer = await Server.Http.PostAsJsonAsync("/api/v1/chargers", new { chargeBoxId, password, securityProfile });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return chargeBoxId;
    }

    /// <summary>Connects through ClientWebSocket, which checks the server's certificate against the authority; returns the status of the handshake.</summary>
    public async Task<int> TryAsync(string chargeBoxId, bool tls, bool password, X509Certificate2? certificate = null)
    {
        try
        {
            await using var charger = await ConnectAsync(chargeBoxId, tls, password, certificate);
            Assert.False((await charger.CallAsync("Heartbeat")).IsError);
            return 101;
        }
        catch (HandshakeRefusedException refused)
        {
            return refused.Status;
        }
    }

    public Task<FakeCharger> ConnectAsync(string chargeBoxId, bool tls, bool password, X509Certificate2? certificate = null) => FakeCharger.ConnectAsync(
        $"{(tls ? Server.SecureAddress : Server.BaseAddress)}ocpp", chargeBoxId, password ? Password : null, configure: options => Configure(options, tls, certificate));

    /// <summary>A handshake over the plain port with headers as a proxy writes them.</summary>
    public Task<FakeChargerHandshake> SendAsync(string chargeBoxId, IPAddress from, params (string Name, string? Value)[] headers) => FakeChargerHandshake.SendAsync(
        Server.BaseAddress, $"/ocpp/{chargeBoxId}", headers.ToDictionary(header => header.Name, header => header.Value), from: from);

    /// <summary>Whether the server may be believed, and what a charger presents.</summary>
    private void Configure(ClientWebSocketOptions options, bool tls, X509Certificate2? certificate)
    {
        if (tls)
        {
            options.RemoteCertificateValidationCallback = (_, presented, chain, _) => Trusts(presented!, chain!);
            if (certificate is not null)
            {
                options.ClientCertificates.Add(certificate);
            }
        }
    }

    private bool Trusts(X509Certificate presented, X509Chain chain)
    {
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(Authority.Certificate);
        return chain.Build((X509Certificate2)presented);
    }
}

[CollectionDefinition(SecureFixture.Collection)]
public sealed class SecureTests : ICollectionFixture<SecureFixture>;
