using System.Text.Json;
using System.Text.Json.Serialization;

namespace Capacitor.Api.Commands;

/// <summary>JSON that goes through as it is.</summary>
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class CommandJson : JsonSerializerContext;
