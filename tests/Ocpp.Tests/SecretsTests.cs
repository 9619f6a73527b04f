using System.Text;
using System.Text.Json;
using Capacitor.Ocpp.V16;
using Xunit;

namespace Capacitor.Ocpp.Tests;

public sealed class SecretsTests
{
    private static string Redact(string? action, string json) => Encoding.UTF8.GetString(Ocpp16Secrets.Redact(action, Encoding.UTF8.GetBytes(json)).Span);

    [Theory]
    [InlineData("AuthorizationKey")]
    [InlineData("authorizationkey")]
    [InlineData("WifiPassword")]
    [InlineData("VENDOR_API_KEY")]
    [InlineData("wlan.psk")]
    [InlineData("ftpPass")]
    [InlineData("SimPin")]
    [InlineData("ClientSecret")]
    [InlineData("AccessToken")]
    public void IsSecret_NameOfASecret_IsTrue(string key) => Assert.True(Ocpp16Secrets.IsSecret(key));

    [Theory]
    [InlineData("HeartbeatInterval")]
    [InlineData("WebSocketPingInterval")]
    [InlineData("GetConfigurationMaxKeys")]
    [InlineData("LocalPreAuthorize")]
    [InlineData("BypassMode")]
    [InlineData("")]
    public void IsSecret_OtherName_IsFalse(string key) => Assert.False(Ocpp16Secrets.IsSecret(key));

    [Theory]
    [InlineData("ChangeConfiguration", """{"key":"AuthorizationKey","value":"0011AABB"}""", """{"key":"AuthorizationKey","value":"***"}""")]
    [InlineData("ChangeConfiguration", """{ "value" : "0011AABB" , "key" : "AUTHORIZATIONKEY" }""", """{ "value" : "***" , "key" : "AUTHORIZATIONKEY" }""")]
    [InlineData("ChangeConfiguration", """{"Value":{"a":["0011AABB"]},"Key":"Auth\u006frizationKey"}""", """{"Value":"***","Key":"Auth\u006frizationKey"}""")]
    [InlineData("ChangeConfiguration", """{"key":"HeartbeatInterval","value":"300"}""", """{"key":"HeartbeatInterval","value":"300"}""")]
    [InlineData("ChangeConfiguration", """{"key":"ConnectionUrl","value":"wss://cp1:0011AABB@ocpp.example.com/cp1"}""", """{"key":"ConnectionUrl","value":"wss://***@ocpp.example.com/cp1"}""")]
    [InlineData("GetConfiguration", """{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"0011AABB"},{"key":"A","readonly":true,"value":"1"},{"key":"WifiPassword","readonly":false,"value":7}]}""", """{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"***"},{"key":"A","readonly":true,"value":"1"},{"key":"WifiPassword","readonly":false,"value":"***"}]}""")]
    [InlineData("GetConfiguration", """{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":null},{"key":"ApiKey","readonly":false}]}""", """{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":null},{"key":"ApiKey","readonly":false}]}""")]
    [InlineData("UpdateFirmware", """{"location":"ftp://user:0011AABB@files.example.com/2.bin","retrieveDate":"2025-01-31T12:00:00Z"}""", """{"location":"ftp://***@files.example.com/2.bin","retrieveDate":"2025-01-31T12:00:00Z"}""")]
    [InlineData("GetDiagnostics", """{"location":"https:\/\/user:00\u003111@files.example.com/a@b"}""", """{"location":"https://***@files.example.com/a@b"}""")]
    [InlineData("GetLog", """{"log":{"remoteLocation":"https://files.example.com/in?sig=0011AABB&x=1"},"logType":"SecurityLog","requestId":1}""", """{"log":{"remoteLocation":"https://files.example.com/in?***"},"logType":"SecurityLog","requestId":1}""")]
    [InlineData("SignedUpdateFirmware", """{"requestId":1,"firmware":{"location":"sftp://0011AABB@files.example.com"}}""", """{"requestId":1,"firmware":{"location":"sftp://***@files.example.com"}}""")]
    [InlineData("VendorSetting", """{"key":"AuthorizationKey","value":"secret"}""", """{"key":"AuthorizationKey","value":"***"}""")]
    [InlineData("VendorSetting", """{"settings":[{"key":"WifiPassword","value":"secret"}],"url":"https://u:secret@example.com"}""", """{"settings":[{"key":"WifiPassword","value":"***"}],"url":"https://***@example.com"}""")]
    [InlineData("DataTransfer", """{"vendorId":"com.acme","data":{"key":"AuthorizationKey","value":"secret"}}""", """{"vendorId":"com.acme","data":{"key":"AuthorizationKey","value":"***"}}""")]
    [InlineData("DataTransfer", """{"vendorId":"com.acme","data":"{\"key\":\"AuthorizationKey\",\"value\":\"secret\"}"}""", """{"vendorId":"com.acme","data":"{\"key\":\"AuthorizationKey\",\"value\":\"***\"}"}""")]
    [InlineData("DataTransfer", """{"vendorId":"com.acme","data":" [ {\"key\":\"AuthorizationKey\",\"value\":\"secret"}""", """{"vendorId":"com.acme","data":"***"}""")]
    [InlineData("DataTransfer", """{"vendorId":"com.acme","data":"{\"soc\": 80}"}""", """{"vendorId":"com.acme","data":"{\"soc\": 80}"}""")]
    [InlineData("DataTransfer", """{"vendorId":"com.acme","data":"[INFO] door open"}""", """{"vendorId":"com.acme","data":"[INFO] door open"}""")]
    public void Redact_Payload_HidesTheSecretAndNothingElse(string action, string payload, string expected)
    {
        Assert.Equal(expected, Redact(action, payload));
        Assert.Equal($"""[2,"1","{action}",{expected}]""", Redact(action, $"""[2,"1","{action}",{payload}]"""));
        Assert.Equal($"""[3,"1",{expected}]""", Redact(action, $"""[3,"1",{payload}]"""));
        Assert.Equal($"""[4,"1","GenericError","",{expected}]""", Redact(null, $"""[4,"1","GenericError","",{payload}]"""));
    }

    [Fact]
    public void Redact_NothingToHide_IsTheSameMemory()
    {
        var settings = """{"configurationKey":[{"key":"A","readonly":true,"value":"1"}]}"""u8.ToArray().AsMemory();
        var broken = """{"key":"AuthorizationKey","value":"0011AABB"""u8.ToArray().AsMemory();

        Assert.Equal(settings, Ocpp16Secrets.Redact("GetConfiguration", settings));
        Assert.Equal(broken, Ocpp16Secrets.Redact("MeterValues", broken));
    }

    [Fact]
    public void Redact_TextsInTexts_HidesTheSecretHoweverDeep()
    {
        var json = """{"key":"AuthorizationKey","value":"0011AABB"}""";
        for (var depth = 0; depth < 8; depth++)
        {
            json = JsonSerializer.Serialize(new { data = json });
            Assert.DoesNotContain("0011AABB", Redact("DataTransfer", json), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"key":"AuthorizationKey","value":"0011AABB""")]
    [InlineData("""[3,"1",{"configurationKey":[{"value":"0011AABB","key":"AuthorizationKey"}]""")]
    [InlineData("0011AABB")]
    [InlineData("""{"key":"AuthorizationKey","value":"0011AABB"} 0011AABB""")]
    public void Redact_WhatCannotBeRead_IsHiddenWhole(string json) => Assert.Equal("\"***\"", Redact("GetConfiguration", json));
}
