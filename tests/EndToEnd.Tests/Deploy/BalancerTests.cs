using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests.Deploy;

/// <summary>The balancer's configuration, read and run by HAProxy itself.</summary>
public class BalancerTests
{
    private const string Main = "deploy/haproxy/haproxy.cfg";

    [Theory]
    [InlineData("deploy/haproxy/apis-example.cfg")]
    [InlineData("deploy/haproxy/apis-dns.cfg")]
    [InlineData("deploy/haproxy/apis-example.cfg", "deploy/haproxy/tls.cfg")]
    [InlineData("deploy/haproxy/apis-dns.cfg", "deploy/haproxy/tls.cfg")]
    public async Task Configuration_InEveryVariant_IsTakenByHaproxyWithoutAWarning(params string[] files)
    {
        using var folder = new TemporaryDirectory();
        var pem = Path.Combine(folder.Path, "server.pem");
        await File.WriteAllTextAsync(pem, Certificate());

        var (exitCode, output) = await Haproxy.CheckAsync(
            new Dictionary<string, string?> { ["CAPACITOR_TLS_PEM"] = pem, ["CAPACITOR_MAXCONN"] = "200" }, [Main, .. files]);

        Assert.True(exitCode == 0 && !output.Contains("WARNING", StringComparison.Ordinal), output);
    }

    [Fact]
    public async Task Configuration_WithAMistake_IsRefused()
    {
        var (exitCode, _) = await Haproxy.CheckAsync(new Dictionary<string, string?> { ["CAPACITOR_TUNNEL_TIMEOUT"] = "soon" }, Main, "deploy/haproxy/apis-example.cfg");
        Assert.NotEqual(0, exitCode);
    }

    [Fact]
    public async Task TwoApis_OneStops_SocketsOfTheOtherStayAndRequestsAreAnswered()
    {
        using var files = new TemporaryDirectory();
        using var firstData = new TemporaryDirectory();
        using var secondData = new TemporaryDirectory();
        await using var first = await ServerProcess.StartAsync(firstData.Path, "--Capacitor:UnknownChargers=accept");
        await using var second = await ServerProcess.StartAsync(secondData.Path, "--Capacitor:UnknownChargers=accept");
        await using var balancer = await Haproxy.StartAsync(await WriteAsync(files, Haproxy.Backends(first.Address, second.Address)));
        using var http = new HttpClient { BaseAddress = balancer.Address, DefaultRequestHeaders = { { "X-API-Key", ServerProcess.ApiKey } } };

        for (var request = 0; request < 4; request++)
        {
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/v1/chargers")).StatusCode);
        }

        Assert.Equal(2, await balancer.ReadAsync("haproxy_server_http_responses_total", "proxy=\"apis\"", "server=\"api-1\"", "code=\"2xx\""));
        Assert.Equal(2, await balancer.ReadAsync("haproxy_server_http_responses_total", "proxy=\"apis\"", "server=\"api-2\"", "code=\"2xx\""));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/metrics")).StatusCode);

        // The second one goes where no socket is yet.
        var ocpp = new Uri(balancer.Address, "ocpp").ToString();
        await using var onFirst = await FakeCharger.ConnectAsync(ocpp, "CP1");
        Assert.Equal(1, await balancer.ReadAsync("haproxy_server_current_sessions", "proxy=\"chargers\"", "server=\"api-1\""));
        await using var onSecond = await FakeCharger.ConnectAsync(ocpp, "CP2");
        Assert.Equal(1, await balancer.ReadAsync("haproxy_server_current_sessions", "proxy=\"chargers\"", "server=\"api-2\""));

        Assert.Equal(0, await second.StopAsync());
        await balancer.UntilServerIsAsync("api-2", up: false);

        Assert.Equal("Accepted", (await BootAsync(onFirst)).GetProperty("status").GetString());
        for (var request = 0; request < 4; request++)
        {
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/v1/chargers")).StatusCode);
        }

        await using var returned = await FakeCharger.ConnectAsync(ocpp, "CP2");
        Assert.Equal("Accepted", (await BootAsync(returned)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task AServerThatIsNotReady_KeepsItsSockets_AndGetsNothingNew()
    {
        using var files = new TemporaryDirectory();
        await using var one = await Backend.StartAsync("one");
        await using var two = await Backend.StartAsync("two");
        await using var balancer = await Haproxy.StartAsync(await WriteAsync(files, Haproxy.Backends(one.Address, two.Address)));
        using var http = new HttpClient { BaseAddress = balancer.Address };
        using var socket = await ConnectAsync(balancer);
        Assert.Equal("one", await ReceiveAsync(socket));

        one.IsReady = false;
        await balancer.UntilServerIsAsync("api-1", up: false);

        for (var request = 0; request < 4; request++)
        {
            Assert.Equal("two", (await http.GetFromJsonAsync<JsonElement>("/who")).GetProperty("name").GetString());
            using var other = await ConnectAsync(balancer);
            Assert.Equal("two", await ReceiveAsync(other));
        }

        await socket.SendAsync("still there?"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        Assert.Equal("still there?", await ReceiveAsync(socket));

        // It is ready again: the newest socket goes where there are none but the old one.
        one.IsReady = true;
        await balancer.UntilServerIsAsync("api-1", up: true);
        using var first = await ConnectAsync(balancer);
        using var second = await ConnectAsync(balancer);
        Assert.Equal(["one", "two"], new[] { await ReceiveAsync(first), await ReceiveAsync(second) }.Order());
    }

    [Fact]
    public async Task AHandshake_RefusedByAnApiThatBeginsToStop_IsGivenToAnother()
    {
        using var files = new TemporaryDirectory();
        await using var one = await Backend.StartAsync("one");
        await using var two = await Backend.StartAsync("two");
        await using var balancer = await Haproxy.StartAsync(await WriteAsync(files, Haproxy.Backends(one.Address, two.Address)));

        one.RefusesSockets = true; // and still ready, as far as the balancer knows
        for (var charger = 0; charger < 4; charger++)
        {
            using var socket = await ConnectAsync(balancer);
            Assert.Equal("two", await ReceiveAsync(socket));
        }

        Assert.NotEqual(0, await balancer.ReadAsync("haproxy_server_retry_warnings_total", "proxy=\"chargers\"", "server=\"api-1\""));
    }

    [Fact]
    public async Task ARequest_WithForgedHeaders_ArrivesWithWhatTheBalancerSaw()
    {
        using var files = new TemporaryDirectory();
        await using var server = await Backend.StartAsync("one");
        await using var balancer = await Haproxy.StartAsync(await WriteAsync(files, Haproxy.Backends(server.Address)));
        using var http = new HttpClient { BaseAddress = balancer.Address, DefaultRequestHeaders = { { "X-Forwarded-For", "203.0.113.9" }, { "X-Forwarded-Proto", "https" }, { "Forwarded", "proto=https" }, { "Client-Cert", ":AAAA:" } } };
        http.DefaultRequestHeaders.Host = "chargers.example.com";

        var seen = await http.GetFromJsonAsync<JsonElement>("/who");

        Assert.Equal(("127.0.0.1", "http"), (seen.GetProperty("forwardedFor").GetString(), seen.GetProperty("forwardedProto").GetString()));
        Assert.Equal(("", ""), (seen.GetProperty("forwarded").GetString(), seen.GetProperty("clientCert").GetString()));
        Assert.Equal("chargers.example.com", seen.GetProperty("host").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OverTls_ACharger_ArrivesWithTheCertificateItProvedAndNoOther(bool presentsCertificate)
    {
        using var files = new TemporaryDirectory();
        await using var server = await Backend.StartAsync("one");
        var pem = Path.Combine(files.Path, "server.pem");
        await File.WriteAllTextAsync(pem, Certificate());
        var tls = Haproxy.Free();
        await using var balancer = await Haproxy.StartAsync(
            await WriteAsync(files, Haproxy.Backends(server.Address)),
            new Dictionary<string, string?> { ["CAPACITOR_TLS_PEM"] = pem, ["CAPACITOR_TLS_BIND"] = tls.Authority },
            "deploy/haproxy/tls.cfg");
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.Subject == "CN=chargers.example.com";
        var certificate = Certificate();
        using var client = X509Certificate2.CreateFromPem(certificate, certificate);
        if (presentsCertificate)
        {
            handler.SslOptions.ClientCertificates = [client];
        }

        using var http = new HttpClient(handler) { BaseAddress = new UriBuilder(tls) { Scheme = "https" }.Uri, DefaultRequestHeaders = { { "Client-Cert", ":AAAA:" } } };
        var seen = await http.GetFromJsonAsync<JsonElement>("/who");

        Assert.Equal("https", seen.GetProperty("forwardedProto").GetString());
        Assert.Equal(presentsCertificate ? $":{Convert.ToBase64String(client.RawData)}:" : "", seen.GetProperty("clientCert").GetString());
    }

    [Fact]
    public async Task NamesFromDns_AsInCompose_BecomeServersAndGoWithTheirName()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        await using var one = await Backend.StartAsync("one", $"http://127.0.0.2:{port}");
        await using var two = await Backend.StartAsync("two", $"http://127.0.0.3:{port}");
        await using var names = new NameServer(IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3"));
        await using var balancer = await Haproxy.StartAsync(Repository.PathOf("deploy/haproxy/apis-dns.cfg"), new Dictionary<string, string?>
        {
            ["CAPACITOR_DNS"] = names.Address.ToString(),
            ["CAPACITOR_API_PORT"] = $"{port}",
        });
        await balancer.UntilServerIsAsync("api-1", up: true);
        await balancer.UntilServerIsAsync("api-2", up: true);
        using var http = new HttpClient { BaseAddress = balancer.Address };

        var first = await http.GetFromJsonAsync<JsonElement>("/who");
        var second = await http.GetFromJsonAsync<JsonElement>("/who");
        Assert.Equal(["one", "two"], new[] { first, second }.Select(answer => answer.GetProperty("name").GetString()).Order());

        two.IsReady = false;
        await UntilOneIsDownAsync(balancer);
        Assert.Equal("one", (await http.GetFromJsonAsync<JsonElement>("/who")).GetProperty("name").GetString());
    }

    // Which of the two is whose server is up to the order of an answer.
    private static async Task UntilOneIsDownAsync(Haproxy balancer)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(1));
        while (await balancer.ReadAsync("haproxy_server_status", "proxy=\"apis\"", "server=\"api-1\"", "state=\"DOWN\"") == 0
            && await balancer.ReadAsync("haproxy_server_status", "proxy=\"apis\"", "server=\"api-2\"", "state=\"DOWN\"") == 0)
        {
            deadline.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task<JsonElement> BootAsync(FakeCharger charger) =>
        (await charger.CallAsync("BootNotification", """{"chargePointVendor":"Acme","chargePointModel":"One"}""")).Payload;

    private static async Task<ClientWebSocket> ConnectAsync(Haproxy balancer)
    {
        ClientWebSocket socket = new();
        await socket.ConnectAsync(new UriBuilder(new Uri(balancer.Address, "ocpp/CP1")) { Scheme = "ws" }.Uri, CancellationToken.None);
        return socket;
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[1024];
        var message = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        return Encoding.UTF8.GetString(buffer, 0, message.Count);
    }

    private static async Task<string> WriteAsync(TemporaryDirectory folder, string backends)
    {
        var file = Path.Combine(folder.Path, "apis.cfg");
        await File.WriteAllTextAsync(file, backends);
        return file;
    }

    private static string Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=chargers.example.com", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }
}
