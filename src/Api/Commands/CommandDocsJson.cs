using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Capacitor.Api.Commands;

/// <summary>Examples as JSON.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class CommandDocsJson : JsonSerializerContext;
