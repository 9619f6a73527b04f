using System.Security.Cryptography.X509Certificates;
using Capacitor.Grains.Webhooks;
using Capacitor.Testing;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>What may be registered beyond what is documented: each refusal names the member and what is allowed.</summary>
public sealed class WebhookExtensionRulesTests
{
    public static TheoryData<WebhookPolicy, string, string> WrongPolicies => new()
    {
        { new() { Retry = new() { MaxAttempts = 0 } }, "retryPolicy.maxAttempts", "1 to 10" },
        { new() { Retry = new() { MaxAttempts = 11 } }, "retryPolicy.maxAttempts", "1 to 10" },
        { new() { Retry = new() { MaxAttempts = 3, Delays = Seconds(1, 2, 3) } }, "retryPolicy.delaysSeconds", "1 to 2" },
        { new() { Retry = new() { MaxAttempts = 3, Delays = [] } }, "retryPolicy.delaysSeconds", "1 to 2" },
        { new() { Retry = new() { MaxAttempts = 1, Delays = Seconds(1) } }, "retryPolicy.delaysSeconds", "leave them out" },
        { new() { Retry = new() { MaxAttempts = 3, Delays = Seconds(0) } }, "retryPolicy.delaysSeconds", "1 to 86400" },
        { new() { Retry = new() { MaxAttempts = 3, Delays = Seconds(86_401) } }, "retryPolicy.delaysSeconds", "1 to 86400" },
        { new() { StrictFor = TimeSpan.Zero }, "orderingTimeoutSeconds", "1 to 86400" },
        { new() { StrictFor = TimeSpan.FromSeconds(86_401) }, "orderingTimeoutSeconds", "1 to 86400" },
        { new() { Timeout = TimeSpan.Zero }, "timeoutSeconds", "1 to 30" },
        { new() { Timeout = TimeSpan.FromSeconds(31) }, "timeoutSeconds", "1 to 30" },
        { new() { Conflate = ["transaction.started"] }, "conflate", "transaction.updated and connector.status_changed" },
        { new() { DisableAfter = TimeSpan.Zero }, "disableAfterHours", "1 to 720" },
        { new() { DisableAfter = TimeSpan.FromHours(721) }, "disableAfterHours", "1 to 720" },
    };

    public static TheoryData<WebhookHeader[], string> WrongHeaders => new()
    {
        { [.. Enumerable.Range(0, 21).Select(i => new WebhookHeader($"X-{i}", "v"))], "at most 20" },
        { [new("", "v")], "1 to 64" },
        { [new(new string('x', 65), "v")], "1 to 64" },
        { [new("X Y", "v")], "1 to 64" },
        { [new("X:Y", "v")], "1 to 64" },
        { [new("X-Ü", "v")], "1 to 64" },
        { [new("X-Y\r\nX-Z", "v")], "1 to 64" },
        { [new("X-Y", "")], "1 to 4096" },
        { [new("X-Y", new string('v', 4_097))], "1 to 4096" },
        { [new("X-Y", "a\r\nX-Z: b")], "visible ASCII" },
        { [new("X-Y", "ü")], "visible ASCII" },
        { [new("X-Y", " v")], "visible ASCII" },
        { [new("X-Y", "v ")], "visible ASCII" },
        { [new("X-Y", "a\tb")], "visible ASCII" },
        { [new("X-Y", "a"), new("x-y", "b")], "twice" },
    };

    [Theory, MemberData(nameof(WrongPolicies))]
    public void ReadPolicy_Wrong_IsRefused(WebhookPolicy policy, string field, string allowed) => Refused(() => PolicyRules.Read(policy), field, allowed);

    [Fact]
    public void ReadPolicy_EveryBound_IsTaken()
    {
        WebhookPolicy least = new()
        {
            Retry = new() { MaxAttempts = 2, Delays = Seconds(1) },
            StrictOrder = true,
            StrictFor = TimeSpan.FromSeconds(1),
            Timeout = TimeSpan.FromSeconds(1),
            Conflate = ["transaction.updated"],
            DisableAfter = TimeSpan.FromHours(1),
        };
        WebhookPolicy most = new()
        {
            Retry = new() { MaxAttempts = 10, Delays = Seconds(1, 86_400, 3, 4, 5, 6, 7, 8, 9) },
            StrictFor = TimeSpan.FromHours(24),
            Timeout = TimeSpan.FromSeconds(30),
            Conflate = ["connector.status_changed", "transaction.updated", "transaction.updated"],
            DisableAfter = TimeSpan.FromHours(720),
        };
        Assert.Equal(2, PolicyRules.Read(least)!.Retry!.MaxAttempts);
        Assert.Equal(["connector.status_changed", "transaction.updated"], PolicyRules.Read(most)!.Conflate);
    }

    [Fact]
    public void ReadPolicy_WhatIsDocumentedAnyway_IsNone()
    {
        Assert.Null(PolicyRules.Read(null));
        Assert.Null(PolicyRules.Read(new()));
        Assert.Null(PolicyRules.Read(new() { StrictFor = TimeSpan.FromSeconds(3_600) }));
    }

    [Fact]
    public void Over_APatch_ChangesWhatItNamesAndPutsBackWhatIsNull()
    {
        WebhookPolicy before = new() { Retry = new() { MaxAttempts = 3 }, StrictOrder = true, Timeout = TimeSpan.FromSeconds(7), Conflate = ["transaction.updated"] };
        var after = PolicyRules.Over(before, new WebhookPatch { Retry = Change.To<RetryPolicy>(null), StrictOrder = Change.To<bool?>(null), StrictFor = Change.To<TimeSpan?>(TimeSpan.FromSeconds(9)) });
        Assert.Null(after.Retry);
        Assert.Equal((false, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(7)), (after.StrictOrder, after.StrictFor, after.Timeout));
        Assert.Equal(before.Conflate, after.Conflate);
    }

    [Theory, MemberData(nameof(WrongHeaders))]
    public void ReadHeaders_Wrong_IsRefused(WebhookHeader[] headers, string allowed) => Refused(() => HeaderRules.Read(headers), "headers", allowed);

    [Theory]
    [InlineData("content-type")]
    [InlineData("Content-Length")]
    [InlineData("Content-Encoding")]
    [InlineData("Transfer-Encoding")]
    [InlineData("HOST")]
    [InlineData("Connection")]
    [InlineData("Upgrade")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("Expect")]
    [InlineData("User-Agent")]
    [InlineData("Date")]
    [InlineData("traceparent")]
    [InlineData("tracestate")]
    [InlineData("baggage")]
    [InlineData("webhook-id")]
    [InlineData("Webhook-Anything")]
    [InlineData("capacitor-gap")]
    [InlineData("Proxy-Authorization")]
    [InlineData("Keep-Alive")]
    public void ReadHeaders_Reserved_IsRefusedWithTheWholeList(string name)
    {
        var refusal = Refused(() => HeaderRules.Read([new(name, "v3ry-s3cret")]), "headers", "traceparent");
        Assert.Contains("webhook-*", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("v3ry-s3cret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadHeaders_GoodOnes_AreTakenAsTheyAre()
    {
        WebhookHeader[] headers = [new("Authorization", "Bearer abc.def~ghi"), new("X-Tenant", "a b"), new("x-1!#$%&'*+-.^_`|~", new string('~', 4_096))];
        Assert.Equal(headers, HeaderRules.Read(headers));
    }

    [Fact]
    public void ReadChargers_Wrong_IsRefused()
    {
        Refused(() => WebhookRules.ReadChargers([]), "chargeBoxIds", "1 to 1000");
        Refused(() => WebhookRules.ReadChargers([.. Enumerable.Range(0, 1_001).Select(i => $"CP-{i}")]), "chargeBoxIds", "1 to 1000");
        Refused(() => WebhookRules.ReadChargers(["CP/1"]), "chargeBoxIds", "'CP/1'");
        Refused(() => WebhookRules.ReadChargers([null!]), "chargeBoxIds", "'null'");
    }

    [Fact]
    public void ReadChargers_Good_KeepsEachOnceInAnyCase()
    {
        Assert.Null(WebhookRules.ReadChargers(null));
        Assert.Equal(["CP-1", "CP-2"], WebhookRules.ReadChargers(["CP-1", "cp-1", "CP-2"]));
    }

    [Fact]
    public void ReadDescription_LengthCounts()
    {
        Assert.Null(WebhookRules.ReadDescription(null));
        Assert.Equal(256, WebhookRules.ReadDescription(new string('x', 256))!.Length);
        Refused(() => WebhookRules.ReadDescription(""), "description", "1 to 256");
        Refused(() => WebhookRules.ReadDescription(new string('x', 257)), "description", "1 to 256");
    }

    private static RefusedException Refused(Func<object?> read, string field, string allowed)
    {
        var refusal = Assert.Throws<RefusedException>(() => read());
        Assert.Equal((RefusalKind.Invalid, field), (refusal.Kind, refusal.Field));
        Assert.Contains(allowed, refusal.Message, StringComparison.Ordinal);
        return refusal;
    }

    private static TimeSpan[] Seconds(params int[] seconds) => [.. seconds.Select(value => TimeSpan.FromSeconds(value))];
}
