using System.Text;
using System.Text.Json;
using Capacitor.Grains.Webhooks;
using Capacitor.Testing;
using Capacitor.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Capacitor.Grains.Tests.Webhooks;

/// <summary>What an endpoint echoes of the headers that it got, and of the secret that it knows, is not kept.</summary>
public sealed class AnswerRedactionTests
{
    private const string Token = "s3cret/token+0123456789";
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly AnswerRedaction Redaction = new([new("Authorization", "Bearer " + Token), new("X-Other", "Basic dXNlcjpwYXNzd29yZDEyMw==")], [Secret, "sécret-of-text"]);

    public static TheoryData<string, string> Echoes => new()
    {
        { $"authorization: Bearer {Token}", "authorization: [redacted]" },
        { $"your token is {Token}.", "your token is [redacted]." },
        { $"{Token}{Token} twice", "[redacted][redacted] twice" },
        { JsonSerializer.Serialize(new { token = Token }), """{"token":"[redacted]"}""" },
        { "{\"token\":\"s3cret\\/token+0123456789\"}", """{"token":"[redacted]"}""" },
        { $"?token={Uri.EscapeDataString(Token)}", "?token=[redacted]" },
        { Convert.ToBase64String(Encoding.UTF8.GetBytes("Bearer " + Token)), "[redacted]" },
        { "dXNlcjpwYXNzd29yZDEyMw== is user:password123, and password123", "[redacted] is [redacted], and [redacted]" },
        { $"{Secret} {Secret[6..]}", "[redacted] [redacted]" },
        { "sécret-of-text", "[redacted]" },
    };

    [Theory, MemberData(nameof(Echoes))]
    public void Redact_WhatIsEchoed_IsTakenOut(string answer, string kept)
    {
        Assert.Equal(kept, Encoding.UTF8.GetString(Redaction.Redact(Encoding.UTF8.GetBytes(answer), isCut: false)).TrimEnd('='));
        Assert.Equal(kept, Redaction.Redact(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(answer))).TrimEnd('='));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Nothing of it: s3cret/token, Bearer, whsec_, pässwörd")]
    public void Redact_NothingOfIt_StaysAsItIs(string answer)
    {
        Assert.Equal(answer, Encoding.UTF8.GetString(Redaction.Redact(Encoding.UTF8.GetBytes(answer), isCut: true)));
        Assert.Same(answer, Redaction.Redact(answer));
    }

    [Theory]
    [InlineData(1, "is ")]
    [InlineData(3, "is ")]
    [InlineData(4, "is [redacted]")]
    [InlineData(22, "is [redacted]")]
    public void Redact_BrokenOffInside_TakesOutWhatCame(int characters, string kept)
    {
        var body = Encoding.UTF8.GetBytes("is " + Token[..characters]);
        Assert.Equal(kept.Contains("red", StringComparison.Ordinal) ? kept : kept + Token[..characters], Encoding.UTF8.GetString(Redaction.Redact(body, isCut: true)));
        Assert.Equal(body, Redaction.Redact(body, isCut: false));
    }

    [Fact]
    public void Redact_MarksLongerThanWhatTheyReplace_AreStillBounded()
    {
        var redaction = new AnswerRedaction([new("X-Short", "12345678")], []);
        var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("12345678", DeliveryAttempt.MostBodyBytes / 8)));
        Assert.Equal(DeliveryAttempt.MostBodyBytes, redaction.Redact(body, isCut: true).Length);
    }

    [Fact]
    public void Redact_ValuesThatAreNoSecrets_Stay()
    {
        var redaction = new AnswerRedaction([new("Accept", "application/json"), new("X-Stage", "live")], ["short"]);
        const string Answer = "application/json, live, short";
        Assert.Same(Answer, redaction.Redact(Answer));
    }

    [Fact]
    public async Task Send_ToAnEndpointThatEchoes_KeepsNoneOfIt()
    {
        await using var receiver = await WebhookReceiver.StartAsync(async (context, webhook) =>
        {
            context.Response.Headers["X-Echo"] = new string('x', 200) + webhook.Headers["authorization"];
            context.Response.Headers["X-Token"] = Token;
            await context.Response.WriteAsync(new string('x', 1010) + webhook.Headers["authorization"] + new string('x', 100));
        });
        using var parts = new SenderParts();

        var result = await parts.SendAsync(SenderParts.Target(receiver.Url, null, new WebhookHeader("Authorization", "Bearer " + Token)));

        var headers = result.Attempt.ResponseHeaders.ToDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase);
        Assert.Equal((new string('x', 200) + "[redacted]", "[redacted]"), (headers["X-Echo"], headers["X-Token"]));
        Assert.Equal(new string('x', 1010) + "[redacted]", Encoding.UTF8.GetString(result.Attempt.Body!));
        Assert.True(result.Attempt.BodyTruncated);
    }
}
