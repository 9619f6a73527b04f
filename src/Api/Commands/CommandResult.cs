using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Capacitor.Chargers;

namespace Capacitor.Api.Commands;

/// <summary>The answer to a command: who did what, what was asked for, and what the charger said.</summary>
internal sealed class CommandResult : IResult
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // safe: application/json and nosniff

    private readonly int _status;
    private readonly string? _location;
    private readonly byte[] _body;

    private CommandResult(int status, byte[] body, string? location = null) => (_status, _body, _location) = (status, body, location);

    /// <summary>200: the charger did it, or will.</summary>
    public static CommandResult Done(ChargeBoxId charger, CommandRequest request, EndedCommand ended) =>
        new(StatusCodes.Status200OK, Write(charger, request, "accepted by charger", Word(ended.OcppStatus), ended.Id, ended.Answer));

    /// <summary>200: what the charger answered to a CALL that the caller made up.</summary>
    public static CommandResult Called(ChargeBoxId charger, CommandRequest request, EndedCommand ended)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("chargeBoxId"u8, charger.Value);
            json.WriteString("action"u8, request.Spec.Action);
            json.WriteString("status"u8, Word(ended.OcppStatus));
            json.WriteString("commandId"u8, ended.Id);
            json.WritePropertyName("payload"u8);
            json.WriteRawValue(ended.Answer is { Length: > 0 } answer ? answer.Span : "{}"u8);
            json.WriteEndObject();
        }

        return new(StatusCodes.Status200OK, buffer.WrittenSpan.ToArray());
    }

    /// <summary>202: it has begun.</summary>
    public static CommandResult Begun(ChargeBoxId charger, CommandRequest request, Guid command)
    {
        var id = CommandIds.Of(command);
        return new(StatusCodes.Status202Accepted, Write(charger, request, "queued", "queued", id, null), $"/api/v1/commands/{id}");
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = _status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = _body.Length;
        if (_location is not null)
        {
            response.Headers.Location = _location;
        }

        return response.Body.WriteAsync(_body, 0, _body.Length);
    }

    /// <summary>OCPP's word as the API spells it: <c>RebootRequired</c> is <c>reboot_required</c>. What has no word was accepted.</summary>
    public static string Word(string? ocppStatus) => ocppStatus is null
        ? "accepted"
        : string.Concat(ocppStatus.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));

    private static byte[] Write(ChargeBoxId charger, CommandRequest request, string what, string status, string id, ReadOnlyMemory<byte>? answer)
    {
        using var asked = JsonDocument.Parse(request.Payload);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("message"u8, $"{request.Spec.Describe(asked.RootElement)} {what}");
            json.WriteString("chargeBoxId"u8, charger.Value);
            foreach (var member in request.Spec.Echo)
            {
                if (asked.RootElement.TryGetProperty(member, out var value))
                {
                    json.WritePropertyName(member);
                    value.WriteTo(json);
                }
            }

            json.WriteString("status"u8, status);
            json.WriteString("commandId"u8, id);
            WriteAnswer(json, request, answer);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    // What the charger says besides its status.
    private static void WriteAnswer(Utf8JsonWriter json, CommandRequest request, ReadOnlyMemory<byte>? answer)
    {
        if (answer is not { } bytes)
        {
            return;
        }

        using var said = JsonDocument.Parse(bytes);
        if (said.RootElement.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in said.RootElement.EnumerateObject())
        {
            if (member.Name != "status" && !request.Spec.Echo.Contains(member.Name))
            {
                member.WriteTo(json);
            }
        }
    }
}
