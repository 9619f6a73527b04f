using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Capacitor.Ocpp.V16;

/// <summary>
/// Takes secrets out of what is stored and shown of messages: values of settings such as AuthorizationKey, and what signs in to a URL, also in JSON that is the
/// text of a member, as DataTransfer's data often is. Everything else stays byte for byte. What a vendor tells in another form than an object with key and value
/// is not known for a secret.
/// </summary>
public static class Ocpp16Secrets
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Redacted = "***";

    private const int MaxDepth = 64;

    // JSON in a text of JSON in a text.
    private const int MaxTexts = 4;

    private static readonly byte[] RedactedJson = "\"***\""u8.ToArray();

    // OCPP names AuthorizationKey; vendors name theirs as they like.
    private static readonly string[] SecretParts = ["Key", "Password", "Passwd", "Passphrase", "Passcode", "Pwd", "Psk", "Secret", "Token", "Credential"];

    private static readonly string[] SecretEndings = ["Pass", "Pin", "Puk"];

    private static readonly FrozenSet<string> Harmless = Ocpp16Actions.All.Except(
    [
        Ocpp16Actions.ChangeConfiguration, Ocpp16Actions.GetConfiguration, Ocpp16Actions.UpdateFirmware, Ocpp16Actions.SignedUpdateFirmware,
        Ocpp16Actions.GetDiagnostics, Ocpp16Actions.GetLog, Ocpp16Actions.DataTransfer,
    ]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True for the actions whose request or answer may hold a secret: some of OCPP's, and all that it does not know.</summary>
    public static bool MayHold(string action) => !Harmless.Contains(action);

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
            return new Redaction(json, MaxTexts).Run();
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

    // A text may be JSON itself. One that only begins like it is hidden, as all that cannot be read.
    private static string RedactText(string text, int texts)
    {
        if (!LooksLikeJson(text))
        {
            return RedactUrl(text);
        }

        if (texts == 0)
        {
            return Redacted;
        }

        try
        {
            ReadOnlyMemory<byte> json = Encoding.UTF8.GetBytes(text);
            var clean = new Redaction(json, texts - 1).Run();
            return clean.Equals(json) ? text : Encoding.UTF8.GetString(clean.Span);
        }
        catch (JsonException)
        {
            return Redacted;
        }
    }

    // Only an object can be a setting.
    private static bool LooksLikeJson(string text) =>
        text.AsSpan().TrimStart() is ['{', ..] or ['[', ..] && text.Contains('{', StringComparison.Ordinal);

    private ref struct Redaction(ReadOnlyMemory<byte> source, int texts)
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
                    var clean = RedactText(text, texts);
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
