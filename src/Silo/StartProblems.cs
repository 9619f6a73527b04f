using System.Data.Common;
using System.Net.Sockets;
using Capacitor.Events;
using Capacitor.Grains.Secrets;
using Capacitor.Storage;
using Capacitor.Storage.Postgres;
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
        AddNew(problems, Try(() => services.GetService<IStartupValidator>()?.Validate()));
        if (Deployment.Database(services.GetRequiredService<IConfiguration>()) is not null)
        {
            AddNew(problems, Try(() => services.GetService<SecretKeyring>()));
            return problems; // the database is prepared, and waited for, when the host starts
        }

        AddNew(problems, Try(() => Take<DataDirectory>(services)));
        if (problems.Count == 0)
        {
            AddNew(problems, Try(() => Take<IJournalReader>(services))); // opening it may bring it to a newer schema, so not for a start that will fail
            AddNew(problems, Try(() => Take<SecretKeyring>(services)));
        }

        return problems;
    }

    private static void Take<T>(IServiceProvider services)
        where T : notnull
    {
        try
        {
            services.GetRequiredService<T>();
        }
        catch (Exception failure) when (failure is IOException and not DataDirectoryInUseException or UnauthorizedAccessException or DbException)
        {
            throw new OptionsValidationException("", typeof(JournalOptions), [
                $"The data directory cannot be used: {failure.Message.TrimEnd('.')}. This user must be able to write there, and there must be room; else name another folder in Capacitor:DataDirectory."]);
        }
    }

    private static List<string> Try(Action check)
    {
        try
        {
            check();
            return [];
        }
        catch (Exception failure) when (Explain(failure) is { Count: > 0 } problems)
        {
            return problems;
        }
    }

    // A value that breaks a rule here is refused where it is bound, too; said once, in the rule's words, is enough.
    private static void AddNew(List<string> problems, List<string> more) =>
        problems.AddRange(more.Where(sentence => !problems.Exists(known => sentence.Contains(known[..known.IndexOf(' ')], StringComparison.OrdinalIgnoreCase))));

    /// <summary>The sentences for a start that failed; none when it is no fault of the one who starts, but of ours.</summary>
    public static List<string> Explain(Exception failure) => failure switch
    {
        AggregateException several when several.InnerExceptions.All(each => Explain(each).Count > 0) => [.. several.InnerExceptions.SelectMany(Explain)],
        DataDirectoryInUseException or DataDirectoryTooNewException or SecretKeysException => [failure.Message],
        DatabaseTooNewException or DatabaseRightsException => [failure.Message],
        DbException unreachable => [$"The database of ConnectionStrings:Capacitor cannot be used: {unreachable.Message.TrimEnd('.')}."],
        OptionsValidationException invalid => [.. invalid.Failures],
        InvalidOperationException { InnerException: FormatException or ArgumentException } unreadable => [unreadable.Message],
        IOException { InnerException: AddressInUseException } taken => [$"{taken.Message} Stop the program that uses it, or choose another address with --urls http://localhost:5081."],
        SocketException { SocketErrorCode: SocketError.AccessDenied } => ["The address to listen on needs rights this user does not have. Choose a port above 1023 with --urls."],
        { InnerException: { } cause } when failure is not InvalidOperationException => Explain(cause),
        _ => [],
    };
}
