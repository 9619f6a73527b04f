using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Capacitor.Ocpp.V16;

/// <summary>
/// Takes secrets out of what is stored and shown of messages: values of settings such as AuthorizationKey, and what signs in to a URL. Everything else stays
/// byte for byte.
/// </summary>
public static class Ocpp16Secrets
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Redacted = "***";

    private const int MaxDepth = 64;

    private static readonly byte[] RedactedJson = "\"***\""u8.ToArray();

    // OCPP names AuthorizationKey; vendors name theirs as they like.
    private static readonly string[] SecretParts = ["Key", "Password", "Passwd", "Passphrase", "Passcode", "Pwd", "Psk", "Secret", "Token", "Credential"];

    private static readonly string[] SecretEndings = ["Pass", "Pin", "Puk"];

    /// <summary>True for the actions whose request or answer may hold a secret.</summary>
    public static bool MayHold(string action) => action is Ocpp16Actions.ChangeConfiguration or Ocpp16Actions.GetConfiguration
        or Ocpp16Actions.UpdateFirmware or Ocpp16Actions.SignedUpdateFirmware or Ocpp16Actions.GetDiagnostics or Ocpp16Actions.GetLog;

    /// <summary>True for a setting whose value nobody is to see, in any case.</summary>
    public static bool IsSecret(string configurationKey)
    {
        var name = configurationKey.Trim();
        return !name.Equals("GetConfigurationMaxKeys", StringComparison.OrdinalIgnoreCase)
            && (SecretParts.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase))
                || SecretEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>
    /// The same JSON without its secrets: a payload, or a whole frame. <paramref name="action"/> is what the frame calls or what it answers; when it is not
    /// known, null has everything looked at. For actions without secrets the very same memory comes back, unread. What cannot be read is hidden whole.
    /// </summary>
    public static ReadOnlyMemory<byte> Redact(string? action, ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty || (action is not null && !MayHold(action)))
        {
            return json;
        }

        try
        {
            return new Redaction(json).Run();
        }
        catch (JsonException)
        {
            return RedactedJson;
        }
    }

    /// <summary>What signs in to a URL is replaced: the user and password before its host, and its query, which is where presigned ones carry their right.</summary>
    public static string RedactUrl(string text)
    {
        var host = text.IndexOf("://", StringComparison.Ordinal) + 3;
        if (host < 3)
        {
            return text;
        }

        var end = text.AsSpan(host).IndexOfAny('/', '?', '#');
        var at = text.AsSpan(host, end < 0 ? text.Length - host : end).LastIndexOf('@');
        var clean = at < 0 ? text : $"{text[..host]}{Redacted}{text[(host + at)..]}";
        var query = clean.IndexOf('?', StringComparison.Ordinal);
        return query < 0 || query == clean.Length - 1 ? clean : $"{clean[..query]}?{Redacted}";
    }

    private ref struct Redaction(ReadOnlyMemory<byte> source)
    {
        private Utf8JsonReader _json = new(source.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        private ArrayBufferWriter<byte>? _output;
        private int _copied;

        public ReadOnlyMemory<byte> Run()
        {
            while (_json.Read())
            {
                ReadValue();
            }

            if (_output is null)
            {
                return source;
            }

            _output.Write(source.Span[_copied..]);
            return _output.WrittenMemory;
        }

        private void ReadValue()
        {
            switch (_json.TokenType)
            {
                case JsonTokenType.StartObject:
                    ReadObject();
                    break;
                case JsonTokenType.StartArray:
                    while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
                    {
                        ReadValue();
                    }

                    break;
                case JsonTokenType.String:
                    var text = JsonText.Read(ref _json, out _);
                    var clean = RedactUrl(text);
                    if (clean != text)
                    {
                        Replace((int)_json.TokenStartIndex, Quote(clean));
                    }

                    break;
                default:
                    break;
            }
        }

        private void ReadObject()
        {
            var isSecret = IsSecretSetting(_json);
            while (_json.Read() && _json.TokenType != JsonTokenType.EndObject)
            {
                var isValue = isSecret && IsCalled(ref _json, "value");
                _json.Read();
                if (isValue && _json.TokenType != JsonTokenType.Null)
                {
                    var start = (int)_json.TokenStartIndex;
                    _json.Skip();
                    Replace(start, RedactedJson);
                }
                else
                {
                    ReadValue();
                }
            }
        }

        // With a reader of its own: the value may stand before its key.
        private static bool IsSecretSetting(Utf8JsonReader json)
        {
            while (json.Read() && json.TokenType != JsonTokenType.EndObject)
            {
                var isKey = IsCalled(ref json, "key");
                json.Read();
                if (isKey && json.TokenType == JsonTokenType.String && IsSecret(JsonText.Read(ref json, out _)))
                {
                    return true;
                }

                json.Skip();
            }

            return false;
        }

        private static bool IsCalled(ref Utf8JsonReader json, string name) =>
            string.Equals(JsonText.Read(ref json, out _), name, StringComparison.OrdinalIgnoreCase);

        private static byte[] Quote(string text) =>
            [(byte)'"', .. JsonEncodedText.Encode(Encoding.UTF8.GetBytes(text), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];

        // Puts something else in the place of the value that ends here.
        private void Replace(int start, ReadOnlySpan<byte> json)
        {
            _output ??= new ArrayBufferWriter<byte>(source.Length);
            _output.Write(source.Span[_copied..start]);
            _output.Write(json);
            _copied = (int)_json.BytesConsumed;
        }
    }
}
