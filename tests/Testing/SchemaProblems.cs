using Json.Schema;

namespace Capacitor.Testing;

/// <summary>Says in words where something is not as its schema says.</summary>
internal static class SchemaProblems
{
    public static string Of(EvaluationResults result) => string.Join("; ", result.Details
        .Where(detail => detail is { IsValid: false, Errors.Count: > 0 })
        .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}"))
        .Distinct());
}
