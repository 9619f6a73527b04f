using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Capacitor.Silo;

/// <summary>What keeps the program from starting, in sentences that say what to do.</summary>
internal static class StartProblems
{
    /// <summary>All that can be known before anything is started.</summary>
    public static List<string> Find(IServiceProvider services)
    {
        var problems = ConfigurationRules.Check(services.GetRequiredService<IConfiguration>()).ToList();
        if (problems.Count > 0)
        {
            return problems; // binding the same values would only say the same again, less clearly
        }

        try
        {
            services.GetService<IStartupValidator>()?.Validate();
        }
        catch (Exception failure) when (Explain(failure) is { Count: > 0 } explained)
        {
            return explained;
        }

        if (DataDirectory.Prepare(services.GetRequiredService<IOptions<CapacitorOptions>>().Value.DataDirectory) is { } problem)
        {
            problems.Add(problem);
        }

        return problems;
    }

    /// <summary>The sentences for a start that failed; none when it is no fault of the one who starts, but of ours.</summary>
    public static List<string> Explain(Exception failure) => failure switch
    {
        AggregateException several when several.InnerExceptions.All(each => Explain(each).Count > 0) => [.. several.InnerExceptions.SelectMany(Explain)],
        OptionsValidationException invalid => [.. invalid.Failures],
        InvalidOperationException { InnerException: FormatException or ArgumentException } unreadable => [unreadable.Message],
        IOException { InnerException: AddressInUseException } taken => [$"{taken.Message} Stop the program that uses it, or choose another address with --urls http://localhost:5081."],
        SocketException { SocketErrorCode: SocketError.AccessDenied } => ["The address to listen on needs rights this user does not have. Choose a port above 1023 with --urls."],
        { InnerException: { } cause } when failure is not InvalidOperationException => Explain(cause),
        _ => [],
    };
}
