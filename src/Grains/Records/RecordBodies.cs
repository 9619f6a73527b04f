using Orleans.Serialization;

namespace Capacitor.Grains.Records;

/// <summary>Bodies of records: contracts as Orleans serializes them.</summary>
internal static class RecordBodies
{
    public static byte[] Write<T>(Serializer serializer, T contract)
        where T : class => serializer.SerializeToArray(contract);

    public static T Read<T>(Serializer serializer, byte[] body)
        where T : class => serializer.Deserialize<T>(body) ?? throw new InvalidDataException($"A record has no {typeof(T).Name} in it.");
}
