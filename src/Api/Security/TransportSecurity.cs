using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Capacitor.Api.Security;

/// <summary>TLS and what stands in front of it.</summary>
internal static class TransportSecurity
{
    /// <summary>What every HTTPS endpoint has in common, and whom to believe about connections.</summary>
    public static WebApplicationBuilder AddTransportSecurity(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IConfigureOptions<ProxyOptions>, ProxySettings>();
        builder.Services.AddSingleton<IValidateOptions<ProxyOptions>, ProxySettings>();
        builder.Services.AddOptions<ProxyOptions>().ValidateOnStart();
        builder.Services.AddSingleton<ForwardedConnection>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https =>
        {
            https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;

            // Whose charger it is, and so whose authorities count, is known only when the request is here: judged by the charger's grain.
            https.ClientCertificateValidation = (_, _, _) => true;
            https.OnAuthenticate = (_, tls) => tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
        }));
        return builder;
    }

    /// <summary>Lets the API see the scheme that its caller used, when a trusted proxy tells it.</summary>
    public static WebApplication UseForwardedScheme(this WebApplication app)
    {
        var forwarded = app.Services.GetRequiredService<ForwardedConnection>();
        app.Use(next => context =>
        {
            context.Request.Scheme = forwarded.IsEncrypted(context) ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
            return next(context);
        });
        return app;
    }
}
