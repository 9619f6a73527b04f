using Capacitor.Silo;
using Microsoft.Extensions.Configuration;

namespace Capacitor.Grains.Tests.Silo;

public sealed class ConfigurationRulesTests
{
    [Theory]
    [InlineData("Capacitor:UnknownChargers", "maybe", "Capacitor:UnknownChargers is 'maybe'. Use 'reject' or 'accept'.")]
    [InlineData("Capacitor:Webhooks:AllowPrivateNetworks", "yes", "Capacitor:Webhooks:AllowPrivateNetworks is 'yes'. Use 'true' or 'false'.")]
    [InlineData("Capacitor:Tiers:Free:Chargers", "-1", "Capacitor:Tiers:Free:Chargers is '-1'. Use a whole number from 0, or leave it empty for no limit.")]
    [InlineData("Capacitor:Tiers:Growth:MostWebhooks", "many", "Capacitor:Tiers:Growth:MostWebhooks is 'many'. Use a whole number from 0, or leave it empty for no limit.")]
    [InlineData("Capacitor:Tiers:Growth:DeliveryLogDays", "0", "Capacitor:Tiers:Growth:DeliveryLogDays is '0'. Use a whole number of days from 1 to 3650.")]
    [InlineData("Capacitor:Tiers:Growth:MessageLogDays", "0", "Capacitor:Tiers:Growth:MessageLogDays is '0'. Use a whole number of days from 1 to 3650.")]
    [InlineData("Capacitor:Chargers:LostConnectionGrace", "30 s", "Capacitor:Chargers:LostConnectionGrace is '30 s'. Use a time from 00:00:00 to 01:00:00, such as 00:00:30.")]
    [InlineData("Capacitor:EventRetention", "00:10:00", "Capacitor:EventRetention is '00:10:00'. Use a time from 01:00:00 (an hour), such as 30.00:00:00 (30 days).")]
    [InlineData("Capacitor:Cluster:JournalPatience", "1", "Capacitor:Cluster:JournalPatience is '1'. Use a time from 00:00:05 to 01:00:00, such as 00:00:10.")]
    [InlineData("Capacitor:DataDirectory", " ", "Capacitor:DataDirectory is blank. Give the folder to store data in, or leave it out for ./data.")]
    public void Check_AValueThatWillNotDo_SaysWhatWill(string key, string value, string sentence) => Assert.Equal([sentence], Check(new() { [key] = value }));

    [Fact]
    public void Check_ABadKey_IsNotRepeated()
    {
        var sentence = Assert.Single(Check(new() { ["Capacitor:BootstrapApiKey"] = "hunter2" }));
        Assert.StartsWith("Capacitor:BootstrapApiKey must start with 'cap_'", sentence);
        Assert.DoesNotContain("hunter2", sentence);
    }

    [Fact]
    public void Check_ABadSecretKey_IsNotRepeatedAndSaysHowToMakeOne()
    {
        var sentences = Check(new() { ["Capacitor:SecretKeys:0"] = Webhooks.WebhookSilo.SecretKey, ["Capacitor:SecretKeys:1"] = "hunter2", ["Capacitor:SecretKeys:2"] = "" });
        var sentence = Assert.Single(sentences);
        Assert.StartsWith("Capacitor:SecretKeys:1 is no key", sentence);
        Assert.Contains("openssl rand -base64 32", sentence);
        Assert.DoesNotContain("hunter2", sentence);
        Assert.Contains("is a list", Assert.Single(Check(new() { ["Capacitor:SecretKeys"] = "hunter2" })));
    }

    [Fact]
    public void Check_SeveralMistakes_TellsAllOfThem() => Assert.Equal(3, Check(new()
    {
        ["Capacitor:UnknownChargers"] = "maybe",
        ["Capacitor:AdminKey"] = " ",
        ["Capacitor:Tiers:scale:Webhooks"] = "1",
    }).Count);

    [Fact]
    public void Check_NothingEmptyAndGoodValues_FindsNothing()
    {
        Assert.Empty(Check([]));
        Assert.Empty(Check(new()
        {
            ["Capacitor:UnknownChargers"] = "Accept",
            ["Capacitor:BootstrapApiKey"] = "",
            ["Capacitor:AdminKey"] = "an-admin-key",
            ["Capacitor:Tiers:Growth:Chargers"] = "",
            ["Capacitor:Webhooks:AllowPrivateNetworks"] = "True",
        }));
    }

    private static List<string> Check(Dictionary<string, string?> settings) =>
        [.. ConfigurationRules.Check(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())];
}
