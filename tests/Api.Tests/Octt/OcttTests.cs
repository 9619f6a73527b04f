namespace Capacitor.Api.Tests.Octt;

/// <summary>The named cases for central systems of OCPP 1.6, one test each, and the document that tells how they go.</summary>
public sealed class OcttTests(OcttServer server) : IClassFixture<OcttServer>
{
    public static TheoryData<string> Ids => [.. OcttCases.All.Select(octt => octt.Id)];

    private static bool Writes => Environment.GetEnvironmentVariable("CAPACITOR_WRITE_CONFORMANCE") == "1";

    [Fact]
    public void Cases_EachIsThereOnce_InOrder()
    {
        Assert.Equal(77, OcttCases.All.Count);
        Assert.Equal(OcttCases.All.Select(octt => octt.Id).Distinct().Order(StringComparer.Ordinal), OcttCases.All.Select(octt => octt.Id));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Case_Run_EndsAsTheDocumentSays(string id)
    {
        var octt = OcttCases.All.Single(octt => octt.Id == id);
        var row = OcttDocument.Row(octt, await server.OutcomeAsync(octt));

        Assert.True(Writes || File.ReadAllLines(OcttDocument.Path).Contains(row), $"docs/conformance.md does not say: {row}");
    }

    [Fact]
    public async Task Document_IsWhatTheCasesShow()
    {
        var run = new List<(OcttCase, string)>();
        foreach (var octt in OcttCases.All)
        {
            run.Add((octt, await server.OutcomeAsync(octt)));
        }

        var text = OcttDocument.Write(run);
        if (Writes)
        {
            await File.WriteAllTextAsync(OcttDocument.Path, text);
        }

        Assert.Equal(text, await File.ReadAllTextAsync(OcttDocument.Path));
    }
}
