using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Capacitor.Api.Startup;

/// <summary>Says why a start failed and what to do about it.</summary>
internal static class StartupFailure
{
    /// <summary>A sentence for the failures that a person can mend; null for all others, which deserve their stack trace.</summary>
    public static string? Explain(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (ExplainOne(cause, exception.Message) is { } explanation)
            {
                return explanation;
            }
        }

        return null;
    }

    private static string? ExplainOne(Exception cause, string message) => cause switch
    {
        OptionsValidationException invalid => string.Join(Environment.NewLine, invalid.Failures),
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => $"{message.TrimEnd('.')}. Stop the other program, or choose another address with --urls http://localhost:PORT.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => $"{message.TrimEnd('.')}. Choose a port from 1024 up with --urls http://localhost:PORT.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => $"{message.TrimEnd('.')}. This machine has no such address; choose one with --urls.",
        FormatException => $"{cause.Message} Check --urls and ASPNETCORE_URLS.",
        _ => null,
    };
}
