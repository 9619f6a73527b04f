using System.Text.Json;
using System.Text.Json.Serialization;

namespace Capacitor.Limit;

internal sealed record WantedHook(string Url);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(WantedHook))]
internal sealed partial class Wire : JsonSerializerContext;
