using System.Text;
using Capacitor.Api.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capacitor.Api.Tests.Errors;

/// <summary>Failures that a running server cannot be brought to on purpose.</summary>
public sealed class ErrorMiddlewareTests
{
    [Fact]
    public async Task Invoke_UnforeseenFailure_TellsNoDetails()
    {
        var (status, body) = await AnswerAsync(new InvalidDataException("a secret"));

        Assert.Equal(500, status);
        Assert.StartsWith("""{"success":false,"error":{"code":"INTERNAL_ERROR","message":""", body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.Contains("req_", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_GrainTooSlow_IsUnavailable()
    {
        var (status, body) = await AnswerAsync(new TimeoutException("grain tenant/x did not answer"));

        Assert.Equal(503, status);
        Assert.DoesNotContain("grain", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RefusalKind.Invalid, 400, "VALIDATION_ERROR")]
    [InlineData(RefusalKind.Forbidden, 403, "FORBIDDEN")]
    [InlineData(RefusalKind.Conflict, 409, "CONFLICT")]
    [InlineData(RefusalKind.LimitReached, 429, "RATE_LIMIT_ERROR")]
    [InlineData(RefusalKind.Unavailable, 503, "SERVICE_UNAVAILABLE")]
    public async Task Invoke_Refusal_KeepsItsWords(RefusalKind kind, int expected, string code)
    {
        var (status, body) = await AnswerAsync(new RefusedException(kind, "Not \"so\".", "member"));

        Assert.Equal(expected, status);
        Assert.Equal($$$$"""{"success":false,"error":{"code":"{{{{code}}}}","message":"Not \"so\".","details":{"field":"member"}}}""", body);
    }

    private static async Task<(int Status, string Body)> AnswerAsync(Exception failure)
    {
        var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        await new ErrorMiddleware(_ => throw failure, NullLogger<ErrorMiddleware>.Instance).InvokeAsync(context);
        return (context.Response.StatusCode, Encoding.UTF8.GetString(body.ToArray()));
    }
}
