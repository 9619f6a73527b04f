using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>Which TLS settings a webhook may have. No message repeats what was given: it may hold a key.</summary>
internal static class TlsRules
{
    private const int MaxLength = 64 * 1024;

    /// <summary>Checks settings; null when there is nothing in them. The summary is what may be shown.</summary>
    public static (WebhookTls? Tls, WebhookTlsSummary? Summary) Read(WebhookTls? tls)
    {
        if (tls is null or { ClientCertificate: null, ClientKey: null, Authorities: null })
        {
            return (null, null);
        }

        using var client = ReadClient(tls);
        return (tls, new()
        {
            Subject = client?.Subject,
            Thumbprint = client?.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant(),
            NotAfter = client is null ? null : new DateTimeOffset(client.NotAfter.ToUniversalTime(), TimeSpan.Zero),
            Authorities = CountAuthorities(tls.Authorities),
        });
    }

    private static X509Certificate2? ReadClient(WebhookTls tls)
    {
        if (tls.ClientCertificate is null && tls.ClientKey is null)
        {
            return null;
        }

        if (tls.ClientCertificate is null)
        {
            throw WebhookRules.Wrong("tls.clientCertificate", "The clientKey of 'tls' needs the clientCertificate that belongs to it.");
        }

        if (tls.ClientKey is null)
        {
            throw WebhookRules.Wrong("tls.clientKey", "The clientCertificate of 'tls' needs the clientKey that belongs to it.");
        }

        CheckLength("clientCertificate", tls.ClientCertificate);
        CheckLength("clientKey", tls.ClientKey);
        try
        {
            return X509Certificate2.CreateFromPem(tls.ClientCertificate, tls.ClientKey);
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException)
        {
            throw WebhookRules.Wrong(
                "tls.clientCertificate", "The clientCertificate and clientKey of 'tls' must be a certificate in PEM and its private key in PEM, not encrypted; these are not, or do not belong together.");
        }
    }

    private static int CountAuthorities(string? pem)
    {
        if (pem is null)
        {
            return 0;
        }

        CheckLength("authorities", pem);
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
            return authorities.Count > 0 ? authorities.Count : throw NoAuthorities();
        }
        catch (CryptographicException)
        {
            throw NoAuthorities();
        }
        finally
        {
            foreach (var authority in authorities)
            {
                authority.Dispose();
            }
        }
    }

    private static void CheckLength(string member, string pem)
    {
        if (pem.Length > MaxLength)
        {
            throw WebhookRules.Wrong($"tls.{member}", $"The {member} of 'tls' has {pem.Length} characters; at most {MaxLength} are allowed.");
        }
    }

    private static RefusedException NoAuthorities() =>
        WebhookRules.Wrong("tls.authorities", "The authorities of 'tls' must be one or more certificates in PEM: -----BEGIN CERTIFICATE----- and so on.");
}
