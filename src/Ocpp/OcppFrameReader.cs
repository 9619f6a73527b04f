using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Capacitor.Ocpp;

internal ref struct OcppFrameReader
{
    private const int MaxDepth = 64;

    private readonly ReadOnlyMemory<byte> _frame;
    private Utf8JsonReader _json;
    private int _type;
    private string? _id;
    private bool _isNumericId;
    private string? _action;

    private OcppFrameReader(ReadOnlyMemory<byte> frame)
    {
        _frame = frame;
        _json = new Utf8JsonReader(frame.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    public static OcppFrame Read(ReadOnlyMemory<byte> utf8)
    {
        var frame = Trim(utf8);
        if (frame.IsEmpty)
        {
            return new OcppFrame { ErrorDescription = "The frame is empty." };
        }

        var reader = new OcppFrameReader(frame);
        try
        {
            return reader.Read();
        }
        catch (JsonException)
        {
            return reader.Broken();
        }
    }

    private OcppFrame Read()
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartArray)
        {
            return Unreadable("A frame must be a JSON array.");
        }

        if (!_json.Read() || !TryReadType())
        {
            return Unreadable("A frame must begin with the number of its message type.");
        }

        return _type switch
        {
            2 => ReadCall(),
            3 => ReadCallResult(),
            4 => ReadCallError(),
            _ => ReadUnknown(),
        };
    }

    private bool TryReadType() => _json.TokenType switch
    {
        JsonTokenType.Number => _json.TryGetInt32(out _type),
        JsonTokenType.String => int.TryParse(_json.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out _type),
        _ => false,
    };

    private bool TryReadId()
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.String)
        {
            _id = JsonText.Read(ref _json, out _);
            return true;
        }

        if (_json.TokenType == JsonTokenType.Number)
        {
            _id = Encoding.ASCII.GetString(_json.ValueSpan);
            _isNumericId = true;
            return true;
        }

        return false;
    }

    private OcppFrame ReadCall()
    {
        if (!TryReadId())
        {
            return Unreadable("A CALL must carry a message id.");
        }

        _json.Read();
        if (_json.TokenType != JsonTokenType.String || _json.ValueSpan.IsEmpty)
        {
            return Fault(Ocpp16ErrorCodes.FormationViolation, "The third element of a CALL must be the name of its action.");
        }

        _action = ReadAction();
        _json.Read();
        if (_json.TokenType == JsonTokenType.EndArray)
        {
            ReadToEnd();
            return Fault(Ocpp16ErrorCodes.ProtocolError, "The payload is missing; an empty one is {}.");
        }

        if (!TryReadObject(out var payload))
        {
            return Fault(Ocpp16ErrorCodes.FormationViolation, "The payload of a CALL must be a JSON object.");
        }

        ReadToEnd();
        if ((_isNumericId || _id is not { Length: > 0 and <= OcppFrame.MaxMessageIdLength }) && !OcppFrame.NeedsResult(_action))
        {
            return Fault(Ocpp16ErrorCodes.ProtocolError, "The message id must be a string of 1 to 36 characters.");
        }

        return new OcppFrame { Kind = OcppFrameKind.Call, MessageId = _id, HasNumericId = _isNumericId, Action = _action, Payload = payload };
    }

    private OcppFrame ReadCallResult()
    {
        if (!TryReadId())
        {
            return Unreadable("A CALLRESULT must carry a message id.");
        }

        _json.Read();
        if (!TryReadObject(out var payload))
        {
            return Fault(Ocpp16ErrorCodes.FormationViolation, "The payload of a CALLRESULT must be a JSON object.");
        }

        ReadToEnd();
        return new OcppFrame { Kind = OcppFrameKind.CallResult, MessageId = _id, HasNumericId = _isNumericId, Payload = payload };
    }

    // Chargers leave out elements or send null ones; that the call failed is known all the same.
    private OcppFrame ReadCallError()
    {
        if (!TryReadId())
        {
            return Unreadable("A CALLERROR must carry a message id.");
        }

        var code = ReadOptionalText();
        var description = ReadOptionalText();
        var details = OcppFrame.EmptyObject;
        if (_json.TokenType != JsonTokenType.EndArray)
        {
            _json.Read();
            if (!TryReadObject(out details))
            {
                details = OcppFrame.EmptyObject; // absent or of another kind
            }
        }

        ReadToEnd();
        return new OcppFrame
        {
            Kind = OcppFrameKind.CallError,
            MessageId = _id,
            HasNumericId = _isNumericId,
            ErrorCode = string.IsNullOrEmpty(code) ? Ocpp16ErrorCodes.GenericError : code,
            ErrorDescription = description ?? "",
            ErrorDetails = details,
        };
    }

    private OcppFrame ReadUnknown()
    {
        _ = TryReadId();
        ReadToEnd();
        return new OcppFrame
        {
            Kind = OcppFrameKind.UnknownType,
            MessageId = _id,
            HasNumericId = _isNumericId,
            ErrorDescription = $"Message type {_type} is not one of OCPP 1.6.",
        };
    }

    private string ReadAction() =>
        !_json.ValueIsEscaped && KnownActions.Find(_json.ValueSpan) is { } known ? known : JsonText.Read(ref _json, out _);

    private string? ReadOptionalText()
    {
        if (_json.TokenType == JsonTokenType.EndArray)
        {
            return null;
        }

        _json.Read();
        if (_json.TokenType == JsonTokenType.String)
        {
            return JsonText.Read(ref _json, out _);
        }

        if (_json.TokenType != JsonTokenType.EndArray)
        {
            _json.Skip();
        }

        return null;
    }

    private bool TryReadObject(out ReadOnlyMemory<byte> json)
    {
        json = OcppFrame.EmptyObject;
        if (_json.TokenType == JsonTokenType.StartObject)
        {
            var start = (int)_json.TokenStartIndex;
            _json.Skip();
            json = _frame[start..(int)_json.BytesConsumed];
            return true;
        }

        return _json.TokenType is JsonTokenType.Null || (_type == 3 && _json.TokenType is JsonTokenType.EndArray);
    }

    // Elements beyond the known ones are ignored; that the JSON ends well is not.
    private void ReadToEnd()
    {
        while (_json.Read())
        {
        }
    }

    // What is not JSON is no frame, and 1.6 has no answer for that; one that is only nested too deep is JSON and gets one. A broken answer still
    // tells that there will be no better one.
    private readonly OcppFrame Broken() => _type == 3 || _json.CurrentDepth >= MaxDepth - 1
        ? Fault(Ocpp16ErrorCodes.FormationViolation, $"The frame is not valid JSON of at most {MaxDepth} levels.")
        : Unreadable("The frame is not valid JSON.");

    private readonly OcppFrame Fault(string code, string description) => _id is null || _type is not (2 or 3)
        ? Unreadable(description)
        : new OcppFrame
        {
            Kind = _type == 2 ? OcppFrameKind.BadCall : OcppFrameKind.BadCallResult,
            MessageId = _id,
            HasNumericId = _isNumericId,
            Action = _action,
            ErrorCode = code,
            ErrorDescription = description,
        };

    private static OcppFrame Unreadable(string description) => new() { ErrorDescription = description };

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> utf8)
    {
        var span = utf8.Span;
        var start = span.StartsWith("\uFEFF"u8) ? 3 : 0;
        var end = span.Length;
        while (start < end && IsPadding(span[start]))
        {
            start++;
        }

        while (start < end && IsPadding(span[end - 1]))
        {
            end--;
        }

        return utf8[start..end];
    }

    private static bool IsPadding(byte value) => value is 0 or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
