using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Capacitor.Webhooks;

namespace Capacitor.Grains.Webhooks;

/// <summary>TLS settings of a webhook, read.</summary>
internal sealed class LoadedTls : IDisposable
{
    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    private LoadedTls(X509Certificate2? certificate, X509Certificate2Collection chain, X509Certificate2Collection? authorities)
    {
        Certificate = certificate;
        Chain = chain;
        Authorities = authorities;
    }

    /// <summary>What we present, with its key; null: nothing.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>What comes between it and its root.</summary>
    public X509Certificate2Collection Chain { get; }

    /// <summary>Whom we trust; null: those that the machine trusts.</summary>
    public X509Certificate2Collection? Authorities { get; }

    /// <summary>Reads settings. Throws <see cref="CryptographicException"/> for what is no PEM, or of which key and certificate do not belong together.</summary>
    public static LoadedTls Read(WebhookTls tls)
    {
        X509Certificate2? certificate = null;
        X509Certificate2Collection chain = [];
        if (tls.ClientCertificate is { } pem)
        {
            certificate = ReadPair(pem, tls.ClientKey);
            chain.ImportFromPem(pem);
            chain[0].Dispose();
            chain.RemoveAt(0);
        }

        X509Certificate2Collection? authorities = null;
        if (tls.Authorities is { } trusted)
        {
            authorities = [];
            authorities.ImportFromPem(trusted);
        }

        return new LoadedTls(certificate, chain, authorities);
    }

    /// <summary>The same for the same settings, and for no others; nothing can be read from it.</summary>
    public static string KeyOf(WebhookTls tls)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (ReadOnlySpan<string?>)[tls.ClientCertificate, tls.ClientKey, tls.Authorities])
        {
            hash.AppendData(BitConverter.GetBytes(part?.Length ?? -1));
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(part ?? ""));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Options of connections with these settings; null: with none.</summary>
    public static SslClientAuthenticationOptions Options(LoadedTls? tls) => new()
    {
        EnabledSslProtocols = Protocols,
        ClientCertificateContext = tls?.Certificate is { } certificate ? SslStreamCertificateContext.Create(certificate, tls.Chain, offline: true) : null,
        CertificateChainPolicy = Policy(tls?.Authorities),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate?.Dispose();
        foreach (var certificate in Chain.Concat(Authorities ?? []))
        {
            certificate.Dispose();
        }
    }

    private static X509Certificate2 ReadPair(string certificate, string? key)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (ArgumentException mismatch)
        {
            throw new CryptographicException(mismatch.Message, mismatch);
        }
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection? authorities)
    {
        var policy = new X509ChainPolicy
        {
            // An endpoint's certificate may say where its issuer's is to be had, which may be inside our network. Nothing of it is ever fetched.
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        if (authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
            policy.ExtraStore.AddRange(authorities);
        }

        return policy;
    }
}
