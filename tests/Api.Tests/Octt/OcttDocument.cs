using System.Text;

namespace Capacitor.Api.Tests.Octt;

/// <summary>docs/conformance.md, as a run of the cases makes it.</summary>
internal static class OcttDocument
{
    public static string Path { get; } =
        System.IO.Path.GetFullPath(System.IO.Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "docs", "conformance.md"));

    public static string Row(OcttCase octt, string outcome) => $"| {octt.Id} | {octt.Title} | {outcome} |";

    public static string Write(IReadOnlyList<(OcttCase Case, string Outcome)> run)
    {
        var text = new StringBuilder();
        var passed = run.Count(one => one.Outcome == "passed");
        text.Append(
            $"""
            # Conformance with OCPP 1.6

            The Open Charge Alliance certifies central systems of OCPP 1.6 with the cases below, by its compliance testing tool. We have not been certified, and
            do not have the tool: the ids are its own, the steps are ours, after what each case is published to be about. Each step goes over a real socket and the
            real HTTP API, and every message the server sends is held to the official schemas.

            {run.Count} cases: {passed} passed, {run.Count - passed} failed.

            This file is made by `tests/Api.Tests/Octt`, and a test fails when it is not what the cases show. To make it again:

            ```
            CAPACITOR_WRITE_CONFORMANCE=1 dotnet test tests/Api.Tests --filter "FullyQualifiedName~Octt"
            ```

            | Case | What it is about | Outcome |
            |---|---|---|

            """);
        foreach (var (octt, outcome) in run)
        {
            text.AppendLine(Row(octt, outcome));
        }

        return text.ToString();
    }
}
