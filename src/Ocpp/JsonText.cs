using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Capacitor.Ocpp;

/// <summary>Reads JSON strings that may hold broken UTF-8 or lone surrogates, on which the framework's reader throws.</summary>
internal static class JsonText
{
    public static string Read(ref Utf8JsonReader json, out bool isGarbled)
    {
        if (!json.ValueIsEscaped)
        {
            var text = Encoding.UTF8.GetString(json.ValueSpan);
            isGarbled = text.Contains('\uFFFD', StringComparison.Ordinal);
            return text;
        }

        try
        {
            isGarbled = false;
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            isGarbled = true;
            return Unescape(json.ValueSpan);
        }
    }

    private static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var source = Encoding.UTF8.GetString(escaped);
        var text = new StringBuilder(source.Length);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] != '\\')
            {
                text.Append(source[i]);
                continue;
            }

            i++;
            switch (source[i])
            {
                case 'u':
                    text.Append((char)int.Parse(source.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    i += 4;
                    break;
                case 'n': text.Append('\n'); break;
                case 'r': text.Append('\r'); break;
                case 't': text.Append('\t'); break;
                case 'b': text.Append('\b'); break;
                case 'f': text.Append('\f'); break;
                default: text.Append(source[i]); break;
            }
        }

        // There and back again replaces what is no proper text.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
