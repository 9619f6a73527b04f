namespace Capacitor.Api.Tests.Octt;

/// <summary>The list of tags that a charger may decide about on its own.</summary>
internal static partial class OcttCases
{
    private static readonly object[] OneTag = [new { idTag = OcttStation.Tag, idTagInfo = new { status = "Accepted" } }];

    private static async Task ListVersionAsync(OcttStation station, int version)
    {
        await station.BeginAsync();
        await ExpectVersionAsync(station, version);
    }

    private static Task ListRefusedAsync(OcttStation station, string status) => station.BeginThenAsync(() => station.RefusedCommandAsync(
        "local-list", new { listVersion = 1, updateType = "Full", localAuthorizationList = OneTag }, "SendLocalList", status));

    private static async Task FullListAsync(OcttStation station)
    {
        await station.BeginAsync();
        var (call, _) = await station.CommandAsync("local-list", new { listVersion = 1, updateType = "Full", localAuthorizationList = OneTag }, "SendLocalList");
        Expect("the list's first tag", OcttStation.Tag, call.GetProperty("localAuthorizationList")[0].GetProperty("idTag").GetString());
    }

    private static async Task DifferentialListAsync(OcttStation station)
    {
        await station.BeginAsync();
        await station.CommandAsync("local-list", new { listVersion = 1, updateType = "Full", localAuthorizationList = OneTag }, "SendLocalList");
        await ExpectVersionAsync(station, 1);
        var (call, _) = await station.CommandAsync(
            "local-list",
            new { listVersion = 2, updateType = "Differential", localAuthorizationList = new[] { new { idTag = "NEW", idTagInfo = new { status = "Accepted" } } } },
            "SendLocalList");
        Expect("the changed list's version", "2", call.GetProperty("listVersion").GetRawText());
        Expect("the new tag", "NEW", call.GetProperty("localAuthorizationList")[0].GetProperty("idTag").GetString());
    }

    private static async Task ExpectVersionAsync(OcttStation station, int version)
    {
        var (_, told) = await station.CommandAsync("local-list/version", null, "GetLocalListVersion", $$"""{"listVersion":{{version}}}""");
        Expect("the version that the API tells", $"{version}", told.GetProperty("listVersion").GetRawText());
    }
}
