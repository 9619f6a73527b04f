using System.Security.Cryptography;
using System.Text;
using Capacitor.Testing;
using Xunit;

namespace Capacitor.EndToEnd.Tests;

/// <summary>What a receiver does with the secret of its webhook.</summary>
internal static class WebhookSignature
{
    public static void AssertBy(string secret, ReceivedWebhook post)
    {
        var content = Encoding.UTF8.GetBytes($"{post.Id}.{post.Headers["webhook-timestamp"]}.{post.Text}");
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), content));
        Assert.Equal(expected, post.Headers["webhook-signature"]);
    }
}
