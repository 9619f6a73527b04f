namespace Capacitor.Storage.Tests;

public sealed class JournalOptionsTests
{
    [Fact]
    public void Validate_Defaults_Succeeds() => Assert.True(new JournalOptionsValidator().Validate(null, new()).Succeeded);

    [Fact]
    public void Validate_EverythingWrong_SaysEverythingAtOnce()
    {
        var result = new JournalOptionsValidator().Validate(null, new() { DataDirectory = " ", EventRetention = TimeSpan.FromMinutes(59) });

        Assert.Equal(
            ["Capacitor:DataDirectory is empty; name a folder, such as ./data.", "Capacitor:EventRetention is 00:59:00; it must be at least 01:00:00."],
            result.Failures!);
    }
}
