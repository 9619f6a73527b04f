using System.Text;
using System.Text.Json.Nodes;

namespace Capacitor.Ocpp.Payloads;

/// <summary>A member of a message: reads the value at hand, which is not null, into its place.</summary>
internal abstract class Field<T>(string name, Need need)
{
    public string Name { get; } = name;

    public byte[] Utf8Name { get; } = Encoding.ASCII.GetBytes(name);

    public Need Need { get; } = need;

    /// <summary>What it may be, for a sender who has to mend it; null when its name says enough.</summary>
    public virtual string? Allowed => null;

    /// <summary>The JSON Schema of what strict reading takes.</summary>
    public abstract JsonObject Describe();

    public abstract void Read(ref PayloadReader reader, T target);
}
