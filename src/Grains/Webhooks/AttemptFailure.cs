using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Capacitor.Grains.Webhooks;

/// <summary>Tells what a failure to get an answer was, in classes and in words for people.</summary>
internal static class AttemptFailure
{
    private const string EndedTls = "The endpoint ended the TLS connection. It may want another client certificate, or another version of TLS.";

    /// <summary>What it means that the time of an attempt, or that of its connection, ran out.</summary>
    public static DeliveryOutcome JudgeTimeout(WebhookRequest request) => request switch
    {
        { Status: not null } => new DeliveryOutcome.TimedOut(Answered: true),
        { Sent: true } => DeliveryOutcome.TimedOut.Instance,
        { Stage: ConnectStage.Name } => new DeliveryOutcome.DnsFailed($"The name {request.Target.Url.IdnHost} was not looked up in time."),
        { Stage: ConnectStage.Secure } when IsSecure(request) => new DeliveryOutcome.ConnectTimedOut($"{request.Tried} took the connection and did not end the TLS handshake in time."),
        { Stage: ConnectStage.Connect, Tried: { } endpoint } => new DeliveryOutcome.ConnectTimedOut($"{endpoint} did not take the connection in time."),
        _ => new DeliveryOutcome.ConnectTimedOut("There was no connection in time."),
    };

    /// <summary>What any other failure means.</summary>
    public static DeliveryOutcome Judge(Exception failure, WebhookRequest request)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case ForbiddenAddressException:
                    return new DeliveryOutcome.BlockedAddress(cause.Message);
                case UnknownNameException:
                    return new DeliveryOutcome.DnsFailed(cause.Message);
                case NoConnectionException { Error: SocketError.TimedOut }:
                    return new DeliveryOutcome.ConnectTimedOut(cause.Message);
                case NoConnectionException:
                    return new DeliveryOutcome.Unreachable(cause.Message);
                case TimeoutException when !request.Sent:
                    return JudgeTimeout(request);
                case AuthenticationException:
                    return new DeliveryOutcome.TlsFailed(IsTlsAlert(cause) ? EndedTls : TellTls(cause));
                case CryptographicException when !request.Sent:
                    return new DeliveryOutcome.TlsFailed("The TLS settings of the webhook cannot be used.");
                default:
                    break;
            }
        }

        return !request.Sent && request.Stage == ConnectStage.Name ? new DeliveryOutcome.DnsFailed($"The name {request.Target.Url.IdnHost} could not be looked up.")
            : IsTlsAlert(failure) ? new DeliveryOutcome.TlsFailed(EndedTls)
            : !request.Sent && request.Stage == ConnectStage.Secure && IsSecure(request) ? new DeliveryOutcome.TlsFailed("The endpoint broke off the TLS handshake.")
            : new DeliveryOutcome.BrokenAnswer(TellAnswer(failure, request));
    }

    private static bool IsSecure(WebhookRequest request) => request.Target.Url.Scheme == Uri.UriSchemeHttps;

    private static string TellTls(Exception failure)
    {
        var message = failure.Message;
        return
            message.Contains("NameMismatch", StringComparison.Ordinal) ? "The endpoint's certificate is for another name."
            : message.Contains("NotTimeValid", StringComparison.Ordinal) ? "The endpoint's certificate has expired, or is not valid yet."
            : message.Contains("UntrustedRoot", StringComparison.Ordinal) || message.Contains("PartialChain", StringComparison.Ordinal) ? "The endpoint's certificate was not issued by an authority that is trusted."
            : message.Contains("NotAvailable", StringComparison.Ordinal) ? "The endpoint has no certificate."
            : message.Contains("certificate", StringComparison.OrdinalIgnoreCase) ? "The endpoint's certificate is not valid."
            : message.Contains("frame", StringComparison.Ordinal) ? "The endpoint does not speak TLS."
            : "The TLS handshake failed.";
    }

    // With TLS 1.3 an endpoint looks at the client's certificate when the handshake is over for the client: its refusal comes in place of the answer.
    private static bool IsTlsAlert(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause.Message.Contains("SSL routines", StringComparison.Ordinal) && cause.Message.Contains(" alert ", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string TellAnswer(Exception failure, WebhookRequest request) => ReadError(failure) switch
    {
        HttpRequestError.InvalidResponse => "What the endpoint sent is not an HTTP answer.",
        HttpRequestError.ConfigurationLimitExceeded => $"The headers of the endpoint's answer are longer than {WebhookHandler.MaxHeadersKiB} KiB.",
        HttpRequestError.HttpProtocolError => "The endpoint ended the request by an error of HTTP/2.",
        _ when !request.Sent => "The connection to the endpoint broke before the request was sent.",
        _ when request.IsReused => $"{request.Connection?.Address} closed a connection that had been used before, and did not answer.",
        _ when IsSecure(request) => "The endpoint closed the connection before it had answered. It may want another client certificate, or any.",
        _ => "The endpoint closed the connection before it had answered.",
    };

    // The innermost says it best: HTTP/2 calls it an invalid response that there is none.
    private static HttpRequestError ReadError(Exception failure)
    {
        var error = HttpRequestError.Unknown;
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            var told = cause switch
            {
                HttpRequestException http => http.HttpRequestError,
                HttpIOException broken => broken.HttpRequestError,
                _ => HttpRequestError.Unknown,
            };
            error = told == HttpRequestError.Unknown ? error : told;
        }

        return error;
    }
}

/// <summary>A host's name leads nowhere, or was not told.</summary>
internal sealed class UnknownNameException(string message, Exception? cause) : IOException(message, cause);

/// <summary>An address did not take a connection.</summary>
internal sealed class NoConnectionException(string message, SocketError error) : IOException(message)
{
    /// <summary>Why not.</summary>
    public SocketError Error => error;
}

/// <summary>A host leads to an address that webhooks may not reach.</summary>
internal sealed class ForbiddenAddressException(string message) : IOException(message);
