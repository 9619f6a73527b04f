using System.Security.Cryptography.X509Certificates;

namespace Capacitor.Testing;

/// <summary>Certificate and key as files in PEM, as an operator has them.</summary>
public static class CertificateFiles
{
    /// <summary>Writes <c>{name}.crt</c> and <c>{name}.key</c>, each in one step, and returns their paths.</summary>
    public static (string Certificate, string Key) Write(string folder, string name, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return (Replace(Path.Combine(folder, name + ".crt"), certificate.ExportCertificatePem()),
            Replace(Path.Combine(folder, name + ".key"), key.ExportPkcs8PrivateKeyPem()));
    }

    /// <summary>Settings that make Kestrel listen on free ports of 127.0.0.1, plain and with TLS, as docs/security.md has it.</summary>
    public static Dictionary<string, string?> Endpoints((string Certificate, string Key) server) => new()
    {
        ["Kestrel:Endpoints:Http:Url"] = "http://127.0.0.1:0",
        ["Kestrel:Endpoints:Https:Url"] = "https://127.0.0.1:0",
        ["Kestrel:Endpoints:Https:ClientCertificateMode"] = "AllowCertificate",
        ["Kestrel:Endpoints:Https:Certificate:Path"] = server.Certificate,
        ["Kestrel:Endpoints:Https:Certificate:KeyPath"] = server.Key,
    };

    private static string Replace(string path, string text)
    {
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
        return path;
    }
}
