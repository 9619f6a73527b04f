using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Capacitor.Ocpp.V16;

namespace Capacitor.Api.Tests.Octt;

/// <summary>Passwords, certificates and what they protect.</summary>
internal static partial class OcttCases
{
    private const string Password = "a-password-of-20-chr";
    private const string NewPassword = "another-of-20-chars!";

    private static async Task NewPasswordAsync(OcttStation station)
    {
        await station.RegisterAsync(securityProfile: 1, Password);
        await station.ConnectAsync(password: Password);
        var value = Convert.ToHexString(Encoding.ASCII.GetBytes(NewPassword));
        await station.CommandAsync("configuration/change", new { key = "AuthorizationKey", value }, "ChangeConfiguration");
        await station.ConnectAsync(password: NewPassword);
        await station.BootAsync();
        await station.DisconnectAsync();
        await station.ExpectRefusedHandshakeAsync(password: Password);
    }

    private static async Task NewCertificateAsync(OcttStation station)
    {
        using var first = await BeginWithCertificateAsync(station);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await RequestCertificateAsync(station, key);
        var signed = station.Authority.Sign(Csr(station, key));
        await station.CommandAsync("certificates/sign", new { certificateChain = signed }, "CertificateSigned");

        using var bare = X509Certificate2.CreateFromPem(signed);
        using var second = bare.CopyWithPrivateKey(key);
        await station.ConnectAsync(tls: true, certificate: second);
        await station.BootAsync();
    }

    private static async Task BadCertificateAsync(OcttStation station)
    {
        using var first = await BeginWithCertificateAsync(station);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await RequestCertificateAsync(station, key);
        await station.RefusedCommandAsync("certificates/sign", new { certificateChain = station.Authority.Pem }, "CertificateSigned", "Rejected");
        await SecurityEventAsync(station, "InvalidChargePointCertificate");
    }

    private static async Task RootAsync(OcttStation station, string certificateType)
    {
        await station.BeginAsync();
        await InstallRootAsync(station, certificateType);
        await ExpectRootsAsync(station, certificateType, "SHA256");
    }

    private static async Task DeleteRootAsync(OcttStation station)
    {
        const string type = "CentralSystemRootCertificate";
        await station.BeginAsync();
        foreach (var algorithm in HashAlgorithms.Words.All)
        {
            await InstallRootAsync(station, type);
            await ExpectRootsAsync(station, type, algorithm);
            var (call, _) = await station.CommandAtAsync(
                "DELETE",
                $"/api/v1/chargers/{station.Id}/certificates?hashAlgorithm={algorithm}&issuerNameHash=0a1b&issuerKeyHash=2c3d&serialNumber=4e5f", null, "DeleteCertificate");
            Expect("the certificate that is deleted", HashData(algorithm), call.GetProperty("certificateHashData").GetRawText());
        }
    }

    private static async Task BadRootAsync(OcttStation station)
    {
        await station.BeginAsync();
        await station.RefusedCommandAsync(
            "certificates", new { certificateType = "CentralSystemRootCertificate", certificate = station.Authority.Pem }, "InstallCertificate", "Rejected");
        await SecurityEventAsync(station, "InvalidCentralSystemCertificate");
    }

    private static async Task HigherProfileAsync(OcttStation station)
    {
        await station.RegisterAsync(securityProfile: 1, Password);
        await station.ConnectAsync(password: Password);
        await station.CommandAsync("configuration/change", new { key = "SecurityProfile", value = "2" }, "ChangeConfiguration");
        await station.AskAsync("PATCH", $"/api/v1/chargers/{station.Id}", """{"securityProfile":2}""");
        await station.CommandAsync("reset", new { type = "Hard" }, "Reset");
        await station.ConnectAsync(tls: true, Password);
        await station.BootAsync();
        await station.DisconnectAsync();
        await station.ExpectRefusedHandshakeAsync(password: Password);
        await station.ConnectAsync(tls: true, Password);
    }

    private static async Task PasswordAsync(OcttStation station)
    {
        await station.RegisterAsync(securityProfile: 1, Password);
        await station.ExpectRefusedHandshakeAsync();
        await station.ExpectRefusedHandshakeAsync(password: NewPassword);
        await station.ConnectAsync(password: Password);
        await station.BootAsync();
    }

    private static async Task ServerCertificateAsync(OcttStation station)
    {
        await station.RegisterAsync(securityProfile: 2, Password);
        await station.ConnectAsync(tls: true, Password);
        await station.BootAsync();
    }

    private static async Task ClientCertificateAsync(OcttStation station)
    {
        using var certificate = await BeginWithCertificateAsync(station);
        await station.BootAsync();
    }

    private static async Task SubProtocolAsync(OcttStation station)
    {
        await station.RegisterAsync();
        await station.ConnectAsync(protocols: ["ocpp0.1"]);
        Expect("the subprotocol that nobody knows", null, station.SubProtocol);
        await station.ExpectClosedAsync();
        await station.ConnectAsync(protocols: ["ocpp0.1", "ocpp1.6"]);
        Expect("the subprotocol", "ocpp1.6", station.SubProtocol);
        await station.BootAsync();
    }

    private static async Task<X509Certificate2> BeginWithCertificateAsync(OcttStation station)
    {
        await station.AskAsync("POST", "/api/v1/certificate-authorities", JsonSerializer.Serialize(new { pem = station.Authority.Pem }));
        await station.RegisterAsync(securityProfile: 3);
        var certificate = station.Authority.IssueClient(station.Id);
        await station.ConnectAsync(tls: true, certificate: certificate);
        return certificate;
    }

    private static async Task RequestCertificateAsync(OcttStation station, ECDsa key)
    {
        await station.CommandAsync("trigger/extended", new { requestedMessage = "SignChargePointCertificate" }, "ExtendedTriggerMessage");
        var answer = await station.SendAsync<SignCertificateResponse>("SignCertificate", new { csr = Csr(station, key) });
        Expect("the answer to SignCertificate", GenericStatuses.Accepted, answer.Status);
    }

    private static string Csr(OcttStation station, ECDsa key) =>
        new CertificateRequest($"CN={station.Id}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();

    private static async Task InstallRootAsync(OcttStation station, string certificateType)
    {
        var (call, _) = await station.CommandAsync("certificates", new { certificateType, certificate = station.Authority.Pem }, "InstallCertificate");
        Expect("the certificate that was sent", station.Authority.Pem, call.GetProperty("certificate").GetString());
    }

    private static async Task ExpectRootsAsync(OcttStation station, string certificateType, string algorithm)
    {
        var (call, told) = await station.CommandAtAsync(
            "GET", $"/api/v1/chargers/{station.Id}/certificates?certificateType={certificateType}", null, "GetInstalledCertificateIds",
            $$"""{"status":"Accepted","certificateHashData":[{{HashData(algorithm)}}]}""");
        Expect("the certificates that are asked for", certificateType, call.GetProperty("certificateType").GetString());
        Expect("the certificate that the API tells", HashData(algorithm), told.GetProperty("certificateHashData")[0].GetRawText());
    }

    private static string HashData(string algorithm) =>
        $$"""{"hashAlgorithm":"{{algorithm}}","issuerNameHash":"0a1b","issuerKeyHash":"2c3d","serialNumber":"4e5f"}""";

    private static async Task SecurityEventAsync(OcttStation station, string type) =>
        await station.SendAsync<SecurityEventNotificationResponse>("SecurityEventNotification", new { type, timestamp = "2025-01-31T12:00:00Z" });
}
