using System.Text;
using System.Text.Json;
using Capacitor.Grains.Webhooks;
using Microsoft.Extensions.Options;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>docs/conformance/addresses.json, run against the guard of connections and that of registrations.</summary>
public sealed class AddressVectorsTests
{
    private const string Refused = "refused";

    public static TheoryData<string, string, string?> Vectors
    {
        get
        {
            var data = new TheoryData<string, string, string?>();
            using var file = JsonDocument.Parse(File.ReadAllText(Find("docs/conformance/addresses.json")));
            foreach (var vector in file.RootElement.GetProperty("vectors").EnumerateArray())
            {
                data.Add(
                    vector.GetProperty("host").GetString()!,
                    vector.GetProperty("verdict").GetString()!,
                    vector.TryGetProperty("reason", out var reason) ? reason.GetString() : null);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public async Task FindForbidden_HostOfAVector_IsTheVerdict(string host, string verdict, string? reason)
    {
        Assert.Equal(verdict == Refused, reason is not null);
        var guard = new AddressGuard(Options.Create(new WebhookOptions { AllowPrivateNetworks = false }), TimeProvider.System, new OwnAddresses(TimeProvider.System) { List = () => [] })
        {
            Resolve = (name, _) => throw new InvalidOperationException($"{name} was looked up."),
        };
        var forbidden = await guard.FindForbiddenAsync(new Uri($"http://{host}/").IdnHost);
        Assert.Equal(verdict == Refused, forbidden is not null);
        if (forbidden is not null && reason != "not_an_address" && Ascii.IsValid(host))
        {
            // Without ICU, .NET does not read digits of other scripts: those hosts end in a number and are none that it knows.
            Assert.Equal(reason, ForbiddenAddresses.Classify(forbidden));
        }
    }

    [Fact]
    public void Vectors_Classes_AreAllOfThem() => Assert.Equal(
        ForbiddenAddresses.Classes.Append("not_an_address").Order(StringComparer.Ordinal),
        Vectors.Select(row => (string?)row[2]).OfType<string>().Distinct().Order(StringComparer.Ordinal));

    private static string Find(string path)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, path)))
            {
                return Path.Combine(folder, path);
            }
        }

        throw new FileNotFoundException(path);
    }
}
