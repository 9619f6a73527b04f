using System.Net.Http.Headers;

namespace Capacitor.Api.Tests.Errors;

/// <summary>What the framework would answer in its own words is answered in ours.</summary>
[Collection(ApiServer.Collection)]
public sealed class FrameworkErrorTests(ApiServer server)
{
    private const string Webhooks = "/api/v1/webhooks";

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/api/v1/nowhere")]
    [InlineData("/api/v2/webhooks")]
    [InlineData("/api/v1/chargers/A/B/C")]
    public async Task UnknownPath_IsNotFound(string path) =>
        (await server.Http.SendAsync("GET", path)).AssertError(404, "NOT_FOUND", path);

    [Fact]
    public async Task WrongMethod_IsRefusedWithTheAllowedOnes()
    {
        var reply = await server.Http.SendAsync("PUT", Webhooks, "{}");

        reply.AssertError(405, "METHOD_NOT_ALLOWED", "PUT");
        Assert.Equal("GET, HEAD, OPTIONS, POST", reply.Header("Allow"));
    }

    [Fact]
    public async Task Options_AnswersTheAllowedMethods()
    {
        var reply = await server.Http.SendAsync("OPTIONS", Webhooks);

        Assert.Equal(204, reply.Status);
        Assert.Equal("GET, HEAD, OPTIONS, POST", reply.Header("Allow"));
    }

    [Fact]
    public async Task Head_AnswersAsGetWithoutABody()
    {
        var reply = await server.Http.SendAsync("HEAD", Webhooks);

        Assert.Equal(200, reply.Status);
        Assert.Equal("", reply.Body);
        Assert.Equal("application/json; charset=utf-8", reply.Header("Content-Type"));
    }

    [Theory]
    [InlineData("{\"url\": }", "line 1, byte 9")]
    [InlineData("{\n  \"url\": \"a\"\n  \"events\": []\n}", "line 3, byte 3")]
    [InlineData("{\"url\":\"a\"", "line 1")]
    [InlineData("{'url':'a'}", "line 1, byte 2")]
    [InlineData("{\"a\":1}}", "line 1, byte 8")]
    [InlineData("nonsense", "line 1, byte 2")]
    public async Task MalformedJson_SaysWhere(string body, string where) =>
        (await server.Http.SendAsync("POST", Webhooks, body)).AssertError(400, "VALIDATION_ERROR", where);

    [Theory]
    [InlineData("[]", "an array")]
    [InlineData("\"text\"", "a string")]
    [InlineData("7", "a number")]
    [InlineData("null", "null")]
    [InlineData("true", "true")]
    public async Task NoObject_SaysWhatItWas(string body, string kind) =>
        (await server.Http.SendAsync("POST", Webhooks, body)).AssertError(400, "VALIDATION_ERROR", $"must be a JSON object, not {kind}.");

    [Theory]
    [InlineData("")]
    [InlineData("  \r\n ")]
    public async Task EmptyBody_SaysThatOneIsNeeded(string body) =>
        (await server.Http.SendAsync("POST", Webhooks, body)).AssertError(400, "VALIDATION_ERROR", "needs a body");

    [Fact]
    public async Task NoBodyAtAll_SaysThatOneIsNeeded() =>
        (await server.Http.SendAsync("POST", Webhooks)).AssertError(400, "VALIDATION_ERROR", "needs a body");

    [Fact]
    public async Task NotUtf8_IsRefused() =>
        (await SendBytesAsync([(byte)'{', (byte)'"', 0xFF, 0xFE, (byte)'"', (byte)':', (byte)'1', (byte)'}'])).AssertError(400, "VALIDATION_ERROR", "UTF-8");

    [Fact]
    public async Task HalfASurrogatePair_IsRefused() =>
        (await server.Http.SendAsync("POST", Webhooks, """{"url":"https://a.invalid/\ud800","events":["*"]}""")).AssertError(400, "VALIDATION_ERROR", "'url'");

    [Fact]
    public async Task DeepNesting_IsRefused() =>
        (await server.Http.SendAsync("POST", Webhooks, new string('[', 10_000))).AssertError(400, "VALIDATION_ERROR", "not valid JSON");

    [Fact]
    public async Task ByteOrderMark_IsForgiven() =>
        (await SendBytesAsync([0xEF, 0xBB, 0xBF, .. "{}"u8])).AssertError(400, "VALIDATION_ERROR", "'url' is required");

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "application/x-www-form-urlencoded")]
    [InlineData("text/plain", "text/plain")]
    [InlineData("application/json; charset=utf-16", "UTF-8")]
    [InlineData(null, "Content-Type")]
    public async Task WrongContentType_IsRefused(string? type, string message) =>
        (await SendBytesAsync("{}"u8.ToArray(), type)).AssertError(415, "UNSUPPORTED_MEDIA_TYPE", message);

    [Theory]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("application/vnd.capacitor+json")]
    public async Task OtherJsonContentTypes_AreTaken(string type) =>
        (await SendBytesAsync("{}"u8.ToArray(), type)).AssertError(400, "VALIDATION_ERROR", "'url' is required");

    [Fact]
    public async Task TooLargeBody_IsRefusedByItsLengthAndTheConnectionEnds()
    {
        var reply = await SendBytesAsync(new byte[256 * 1024 + 1]);

        reply.AssertError(413, "PAYLOAD_TOO_LARGE", "256 KiB");
        Assert.Equal("close", reply.Header("Connection")); // its rest may still be on the way
    }

    [Fact]
    public async Task TooLargeBodyInChunks_IsRefusedOnTheWay()
    {
        using var content = new StreamContent(new MemoryStream(Enumerable.Repeat((byte)' ', 300 * 1024).ToArray()));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");

        (await server.Http.SendAsync("POST", Webhooks, content, ("Transfer-Encoding", "chunked"))).AssertError(413, "PAYLOAD_TOO_LARGE", "256 KiB");
    }

    [Theory]
    [InlineData("req-123.ABC", true)]
    [InlineData("with space", false)]
    [InlineData("", false)]
    public async Task RequestId_IsEchoedWhenHarmless(string id, bool echoed)
    {
        var reply = await server.Http.SendAsync("GET", "/nowhere", null, ("X-Request-Id", id));

        Assert.Equal(echoed, reply.Header("X-Request-Id") == id);
        Assert.NotEmpty(reply.Header("X-Request-Id")!);
    }

    [Fact]
    public async Task RequestId_TooLong_IsReplaced()
    {
        var reply = await server.Http.SendAsync("GET", "/nowhere", null, ("X-Request-Id", new string('a', 129)));

        Assert.StartsWith("req_", reply.Header("X-Request-Id"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Root_TellsWhereToLook()
    {
        var reply = await server.Capacitor.Anonymous.SendAsync("GET", "/");

        Assert.Equal(200, reply.Status);
        Assert.Equal("Capacitor", reply.Json.GetProperty("name").GetString());
        Assert.Equal($"{server.Capacitor.BaseAddress}api/v1", reply.Json.GetProperty("api").GetString());
        Assert.Null(reply.Header("Server"));
    }

    private async Task<Reply> SendBytesAsync(byte[] body, string? type = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return await server.Http.SendAsync("POST", Webhooks, content);
    }
}
