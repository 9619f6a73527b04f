using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.V16;
using Capacitor.Tenants;
using Capacitor.Testing;

namespace Capacitor.Api.Tests.Octt;

/// <summary>
/// The two hands of a case: a charger at its socket, and the operator at the API. Whatever the server sends, answers and calls alike, is held to the document.
/// </summary>
internal sealed class OcttStation : IAsyncDisposable
{
    /// <summary>A tag that may charge.</summary>
    public const string Tag = "04A1B2C3";

    public const string Accepted = """{"status":"Accepted"}""";
    public const string Rejected = """{"status":"Rejected"}""";

    private readonly OcttServer _server;
    private readonly TestTenant _tenant;
    private FakeCharger? _charger;

    private OcttStation(OcttServer server, TestTenant tenant, string id)
    {
        _server = server;
        _tenant = tenant;
        Id = id;
    }

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public string Id { get; }

    public TestAuthority Authority => _server.Authority;

    private FakeCharger Charger => _charger ?? throw new InvalidOperationException("The charger is not connected.");

    /// <summary>A tenant with nothing but a right to everything; the case registers its charger.</summary>
    public static async Task<OcttStation> CreateAsync(OcttServer server, string id) => new(server, await server.Capacitor.AddTenantAsync(Tier.Scale), id);

    public async Task RegisterAsync(int? securityProfile = null, string? password = null) =>
        await AskAsync("POST", "/api/v1/chargers", JsonSerializer.Serialize(new { chargeBoxId = Id, password, securityProfile }));

    /// <summary>Registers the charger and connects it, as most cases begin.</summary>
    public async Task BeginAsync()
    {
        await RegisterAsync();
        await ConnectAsync();
    }

    /// <summary>Connects, or connects again after the connection before has been closed.</summary>
    public async Task ConnectAsync(bool tls = false, string? password = null, X509Certificate2? certificate = null, params string[] protocols)
    {
        await DisconnectAsync();
        try
        {
            _charger = await FakeCharger.ConnectAsync(
                $"{(tls ? _server.Capacitor.SecureAddress : _server.Capacitor.BaseAddress)}ocpp", Id, password, protocols.Length == 0 ? null : protocols,
                configure: options => Configure(options, tls, certificate));
        }
        catch (HandshakeRefusedException refused)
        {
            throw new OcttFailure($"the handshake was refused with {refused.Status}");
        }
    }

    public async Task ExpectRefusedHandshakeAsync(bool tls = false, string? password = null)
    {
        try
        {
            await using var charger = await FakeCharger.ConnectAsync(
                $"{(tls ? _server.Capacitor.SecureAddress : _server.Capacitor.BaseAddress)}ocpp", Id, password, configure: options => Configure(options, tls, null));
        }
        catch (HandshakeRefusedException)
        {
            return;
        }

        throw new OcttFailure("a handshake was accepted that has to be refused");
    }

    /// <summary>The subprotocol that was agreed upon; null when none was.</summary>
    public string? SubProtocol => Charger.SubProtocol;

    public async Task DisconnectAsync()
    {
        if (_charger is { } charger)
        {
            _charger = null;
            await charger.CloseAsync();
            await charger.DisposeAsync();
        }
    }

    /// <summary>Ends the connection as a loss of power does.</summary>
    public async Task LosePowerAsync()
    {
        var charger = Charger;
        _charger = null;
        await charger.DisposeAsync();
    }

    /// <summary>Waits until the server has closed the connection.</summary>
    public async Task ExpectClosedAsync()
    {
        await Charger.WaitForCloseAsync();
        await LosePowerAsync();
    }

    /// <summary>Sends a message of the charger's and reads its answer.</summary>
    public async Task<T> SendAsync<T>(string action, object payload)
        where T : class, IPayload<T>
    {
        var answer = await Charger.CallAsync(action, JsonSerializer.Serialize(payload));
        if (answer.IsError)
        {
            throw new OcttFailure($"{action} was answered with the error {answer.ErrorCode}");
        }

        var reading = Ocpp16Reader.ReadStrict<T>(Encoding.UTF8.GetBytes(answer.Payload.GetRawText()));
        return reading.Value ?? throw new OcttFailure($"the answer to {action} is none: {reading.Mistakes[0]}");
    }

    /// <summary>Boots, and tells that every connector is available.</summary>
    public async Task BootAsync()
    {
        var boot = await SendAsync<BootNotificationResponse>("BootNotification", new { chargePointVendor = "Acme", chargePointModel = "One" });
        Expect("the boot's status", RegistrationStatuses.Accepted, boot.Status);
        Expect(boot.Interval > 0, "the boot was answered without an interval");
        await StatusOfAllAsync(ConnectorStatuses.Available);
    }

    public async Task StatusOfAllAsync(string status)
    {
        for (var connector = 0; connector <= 2; connector++)
        {
            await StatusAsync(status, connector);
        }
    }

    public async Task StatusAsync(string status, int connector = 1, string errorCode = ConnectorErrorCodes.NoError, DateTimeOffset? timestamp = null) =>
        await SendAsync<StatusNotificationResponse>(
            "StatusNotification", new { connectorId = connector, errorCode, status, timestamp = Timestamp.Format(timestamp ?? Now) });

    public async Task<IdTagInfo> AuthorizeAsync(string tag = Tag, string status = AuthorizationStatuses.Accepted)
    {
        var info = (await SendAsync<AuthorizeResponse>("Authorize", new { idTag = tag })).IdTagInfo;
        Expect("the tag's status in Authorize", status, info.Status);
        return info;
    }

    /// <summary>Begins a transaction and returns its id.</summary>
    public async Task<int> StartAsync(
        string tag = Tag, int? reservationId = null, DateTimeOffset? timestamp = null, string status = AuthorizationStatuses.Accepted, int connector = 1)
    {
        object payload = reservationId is null
            ? new { connectorId = connector, idTag = tag, meterStart = 0, timestamp = Timestamp.Format(timestamp ?? Now) }
            : new { connectorId = connector, idTag = tag, meterStart = 0, timestamp = Timestamp.Format(timestamp ?? Now), reservationId };
        var answer = await SendAsync<StartTransactionResponse>("StartTransaction", payload);
        Expect("the tag's status in StartTransaction", status, answer.IdTagInfo.Status);
        Expect(answer.TransactionId > 0, "the transaction's id is not positive");
        return answer.TransactionId;
    }

    /// <summary>Plugs in, authorizes, begins to charge, and returns the transaction's id.</summary>
    public async Task<int> ChargeAsync()
    {
        await StatusAsync(ConnectorStatuses.Preparing);
        await AuthorizeAsync();
        var transaction = await StartAsync();
        await StatusAsync(ConnectorStatuses.Charging);
        return transaction;
    }

    public async Task StopAsync(int transaction, string reason, string tag = Tag, DateTimeOffset? timestamp = null)
    {
        var answer = await SendAsync<StopTransactionResponse>("StopTransaction", new
        {
            transactionId = transaction, idTag = tag, meterStop = 10, timestamp = Timestamp.Format(timestamp ?? Now), reason,
        });
        if (tag == Tag && answer.IdTagInfo is { } info)
        {
            Expect("the tag's status in StopTransaction", AuthorizationStatuses.Accepted, info.Status);
        }

        var told = (await AskAsync("GET", $"/api/v1/transactions/{transaction}")).Json;
        Expect("the transaction's status", "completed", told.GetProperty("status").GetString());
    }

    /// <summary>The operator's command: the charger is called, answers, and the operator is told of its yes. Returns the call and what the operator was told.</summary>
    public async Task<(JsonElement Call, JsonElement Told)> CommandAtAsync(string method, string path, object? body, string action, string answer = Accepted)
    {
        var (call, reply) = await CallAsync(method, path, body, action, answer);
        Expect(reply.Status is >= 200 and < 300, $"{method} {path} was answered with {reply.Status} although the charger said yes");
        return (call, reply.Json);
    }

    /// <summary>A command below the charger.</summary>
    public Task<(JsonElement Call, JsonElement Told)> CommandAsync(string path, object? body, string action, string answer = Accepted) =>
        CommandAtAsync("POST", $"/api/v1/chargers/{Id}/{path}", body, action, answer);

    /// <summary>A command that the charger says no to; the operator is told of its word.</summary>
    public async Task RefusedCommandAtAsync(string method, string path, object? body, string action, string status)
    {
        var (_, reply) = await CallAsync(method, path, body, action, $$"""{"status":"{{status}}"}""");
        Expect("the API's answer to a charger's no", "409", $"{reply.Status}");
        Expect("the status that the API tells", status, reply.Json.GetProperty("error").GetProperty("details").GetProperty("ocppStatus").GetString());
    }

    /// <summary>A command below the charger that it says no to.</summary>
    public Task RefusedCommandAsync(string path, object? body, string action, string status) =>
        RefusedCommandAtAsync("POST", $"/api/v1/chargers/{Id}/{path}", body, action, status);

    /// <summary>Something the operator does that asks no charger.</summary>
    public async Task<Reply> AskAsync(string method, string path, string? body = null)
    {
        var reply = await _tenant.Http.SendAsync(method, path, body);
        Expect(reply.Status is >= 200 and < 300, $"{method} {path.Replace(Id, "…", StringComparison.Ordinal)} was answered with {reply.Status}");
        return reply;
    }

    /// <summary>Lets no tag charge that is not registered.</summary>
    public async Task RefuseUnknownTagsAsync()
    {
        var reply = await _server.Capacitor.Admin.SendAsync("PATCH", $"/api/v1/admin/tenants/{_tenant.Id}", """{"unknownIdTagPolicy":"reject"}""");
        Expect(reply.Status == 200 && reply.Json.TryGetProperty("unknownIdTagPolicy", out _), "there is no policy for unknown tags");
        await RegisterTagAsync(new { idTag = Tag });
    }

    public async Task RegisterTagAsync(object tag) => await AskAsync("POST", "/api/v1/id-tags", JsonSerializer.Serialize(tag));

    public static void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new OcttFailure(otherwise);
        }
    }

    public static void Expect(string what, string? expected, string? found) => Expect(expected == found, $"{what} is {found ?? "none"} and not {expected ?? "none"}");

    public async ValueTask DisposeAsync()
    {
        if (_charger is not null)
        {
            await LosePowerAsync();
        }
    }

    private async Task<(JsonElement Call, Reply Reply)> CallAsync(string method, string path, object? body, string action, string answer)
    {
        var asking = _tenant.Http.SendAsync(method, path, body is null ? null : JsonSerializer.Serialize(body));
        var calling = Charger.NextCallAsync();
        if (await Task.WhenAny(asking, calling) == asking)
        {
            throw new OcttFailure($"{action} was not sent: the API answered with {(await asking).Status}");
        }

        var call = await calling;
        Expect("the action that was sent", action, call.Action);
        var check = Ocpp16Commands.Find(action)!.Check(Encoding.UTF8.GetBytes(call.Payload.GetRawText()));
        Expect(check.IsValid, $"the {action} that was sent is none: {(check.IsValid ? null : check.Mistakes[0])}");
        await Charger.AnswerAsync(call, answer);
        return (call.Payload, await asking);
    }

    private void Configure(ClientWebSocketOptions options, bool tls, X509Certificate2? certificate)
    {
        if (tls)
        {
            options.RemoteCertificateValidationCallback = (_, presented, chain, _) => _server.Trusts((X509Certificate2)presented!, chain!);
        }

        if (certificate is not null)
        {
            options.ClientCertificates.Add(certificate);
        }
    }
}
