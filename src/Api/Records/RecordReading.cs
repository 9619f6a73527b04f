using Capacitor.Events;
using Capacitor.Records;
using Orleans.Serialization;

namespace Capacitor.Api.Records;

/// <summary>Reads what records hold: contracts as Orleans serializes them.</summary>
internal static class RecordReading
{
    /// <summary>The thing itself.</summary>
    public static T Read<T>(this Serializer serializer, RecordRow row)
        where T : class => serializer.Deserialize<T>(row.Body) ?? throw new InvalidDataException($"The record {row.Key.Kind} has no {typeof(T).Name} in it.");

    /// <summary>The things of a page, as they are to be shown.</summary>
    public static IReadOnlyList<TBody> Read<T, TBody>(this Serializer serializer, Page<RecordRow> page, Func<T, TBody> show)
        where T : class => [.. page.Items.Select(row => show(serializer.Read<T>(row)))];
}
