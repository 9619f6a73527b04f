using YamlDotNet.Serialization;

namespace Capacitor.EndToEnd.Tests.Deploy;

/// <summary>A YAML document, walked by names.</summary>
internal sealed class Yaml(object? node)
{
    public static Yaml Parse(string text) => new(new DeserializerBuilder().Build().Deserialize<object?>(text));

    public string? Text => node as string;

    /// <summary>What is under a name; a node without a value when there is nothing.</summary>
    public Yaml this[string name] => new(node is Dictionary<object, object?> map ? map.GetValueOrDefault(name) : null);

    public bool Exists => node is not null;

    public IEnumerable<string> Names => node is Dictionary<object, object?> map ? map.Keys.Cast<string>() : [];

    public IEnumerable<Yaml> Items => node is List<object?> list ? list.Select(item => new Yaml(item)) : [];

    public IEnumerable<string> Texts => Items.Select(item => item.Text!);
}
