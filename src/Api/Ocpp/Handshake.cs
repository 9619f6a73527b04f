using System.Net.WebSockets;
using Capacitor.Api.Errors;
using Capacitor.Api.Security;
using Capacitor.Chargers;
using Capacitor.Tenants;
using Microsoft.AspNetCore.Http.Features;

namespace Capacitor.Api.Ocpp;

/// <summary>Lets chargers in: <c>/ocpp/{chargeBoxId}</c> (OCPP-J 1.6 §3.1).</summary>
internal sealed class Handshake(OcppEdge edge, ForwardedConnection forwarded)
{
    private const string Challenge = "Basic realm=\"ocpp\", charset=\"UTF-8\"";
    private const int RetrySeconds = 5;

    /// <summary>Answers the request: refused over HTTP, or served as a socket until it ends.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        // Nothing of the handshake is kept alive by the socket's long wait.
        if (await AcceptAsync(context) is { } entry)
        {
            await (entry.Protocol is { } protocol
                ? entry.Socket.ServeAsync(protocol)
                : entry.Socket.TurnAwayAsync(WebSocketCloseStatus.ProtocolError, $"Offer one of these subprotocols: {SubProtocols.Names}."));
        }
    }

    private async Task<Entry?> AcceptAsync(HttpContext context)
    {
        if (edge.IsStopping)
        {
            return await RefuseAsync(context, "stopping", ApiError.Unavailable("The server is stopping.", RetrySeconds));
        }

        if (WebSocketUpgrade.Refuse(context) is var (status, message))
        {
            return await RefuseAsync(context, "not_a_websocket", ApiError.Of(status, message));
        }

        if (!ChargerPath.TryMatch(RawTarget(context), out var rest) || !ChargerPath.TryParse(rest, out var asked))
        {
            return await RefuseAsync(context, "invalid_id", ApiError.NotFound($"The path must be /ocpp/ and a charger's id of at most {ChargeBoxId.MaxLength} characters."));
        }

        var charger = edge.Grains.GetGrain<IChargerGrain>(asked.GrainKey);
        var admission = await TryAdmitAsync(charger, asked, CredentialsOf(context));
        switch (admission)
        {
            case { Verdict: AdmissionVerdict.Admitted }:
                return await UpgradeAsync(context, charger, admission, admission.ChargeBoxId ?? asked);
            case { Verdict: AdmissionVerdict.Unauthorized }:
                context.Response.Headers.WWWAuthenticate = Challenge;
                return await RefuseAsync(context, "unauthorized", ApiError.Of(StatusCodes.Status401Unauthorized, "This charger must present its password with Basic authentication."));
            case { Verdict: AdmissionVerdict.Forbidden, Refusal: var refusal }:
                return await RefuseAsync(context, Refusals.Label(refusal), ApiError.Of(StatusCodes.Status403Forbidden, Refusals.Explain(refusal)));
            case { Verdict: AdmissionVerdict.Unknown }:
                return await RefuseAsync(context, "unknown_charger", ApiError.NotFound($"No charger '{asked}' is registered."));
            default:
                return await RefuseAsync(context, "failed", ApiError.Unavailable("The server cannot take this charger now.", RetrySeconds));
        }
    }

    private Credentials CredentialsOf(HttpContext context) => new()
    {
        Basic = BasicCredentials.Read(context.Request.Headers.Authorization),
        IsEncrypted = forwarded.IsEncrypted(context),
        Certificate = forwarded.Certificate(context),
    };

    /// <summary>Asks the charger's grain; null when it cannot be asked.</summary>
    private async Task<Admission?> TryAdmitAsync(IChargerGrain charger, ChargeBoxId id, Credentials credentials)
    {
        try
        {
            var admission = await charger.AdmitAsync(credentials);
            if (admission.Verdict != AdmissionVerdict.Unknown || edge.Options.UnknownChargers != UnknownChargers.Accept)
            {
                return admission;
            }

            await RegisterAsync(id);
            return await charger.AdmitAsync(credentials);
        }
        catch (Exception failure)
        {
            Log.HandshakeFailed(edge.Logger, failure, id);
            return null;
        }
    }

    private async Task RegisterAsync(ChargeBoxId id)
    {
        try
        {
            await edge.Grains.GetGrain<ITenantGrain>(TenantId.Default.GrainKey).RegisterChargerAsync(new NewCharger { ChargeBoxId = id });
            Log.Registered(edge.Logger, id);
        }
        catch (RefusedException)
        {
            // Somebody else registered it at this moment, or the tenant is full: the second admission tells which.
        }
    }

    private async Task<Entry?> UpgradeAsync(HttpContext context, IChargerGrain charger, Admission admission, ChargeBoxId id)
    {
        var offered = context.Request.Headers.SecWebSocketProtocol;
        var chosen = SubProtocols.Choose(offered);
        var protocol = chosen?.Protocol ?? (SubProtocols.AnyOffered(offered) ? null : SubProtocols.Find(admission.AssumeProtocol));

        if (protocol is null)
        {
            charger.RejectAsync(AdmissionRefusal.NoCommonProtocol).Ignore(); // nobody waits for it, and a silo of an older version does not know it
        }

        // A socket lives for months: it is no request whose duration says anything.
        if (context.Features.Get<IHttpMetricsTagsFeature>() is { } metrics)
        {
            metrics.MetricsDisabled = true;
        }

        var stream = new SocketStream(await WebSocketUpgrade.AcceptAsync(context, chosen?.Echo), edge.Clock);
        edge.Metrics.Handshake(protocol is null ? "no_common_protocol" : "accepted");
        var connection = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        return new Entry(new ChargerSocket(edge, id, charger, new LoggedCharger(admission.RegistrationId, admission.Tenant), admission.Epoch, connection, stream), protocol);
    }

    private async Task<Entry?> RefuseAsync(HttpContext context, string outcome, ApiError error)
    {
        edge.Metrics.Handshake(outcome);
        Log.Refused(edge.Logger, ChargerPath.WithoutQuery(RawTarget(context)).ToString(), error.Status, outcome);
        await error.ExecuteAsync(context);
        return null;
    }

    private static string RawTarget(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    /// <summary>A socket that was let in; without a protocol it is only told why it must go.</summary>
    private sealed record Entry(ChargerSocket Socket, string? Protocol);
}
