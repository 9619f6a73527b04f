using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Capacitor.Ocpp.Payloads;
using Capacitor.Ocpp.V16;
using NJsonSchema;
using Xunit;

namespace Capacitor.Ocpp.Tests.Schemas;

/// <summary>Every record against the official schemas: names, requirements, lengths and words cannot drift apart.</summary>
public sealed class SchemaTests
{
    public static TheoryData<MessageCase> Cases => [.. MessageCases.All];

    [Fact]
    public void Cases_EveryActionOfACharger_IsThere()
    {
        var schemas = MessageCases.All.Select(message => message.Schema).ToHashSet();

        Assert.All(Ocpp16Actions.FromCharger, action => Assert.True(schemas.Contains(action) && schemas.Contains(action + "Response"), action));
    }

    [Fact]
    public void Cases_EveryActionToACharger_IsThere()
    {
        var schemas = MessageCases.All.Select(message => message.Schema).ToHashSet();

        Assert.All(Ocpp16Actions.ToCharger, action => Assert.True(schemas.Contains(action) && schemas.Contains(action + "Response"), action));
    }

    [Fact]
    public async Task Members_StopTransaction_AreFoundToTheLast()
    {
        var members = await MembersAsync(MessageCases.All.Single(message => message.Schema == "StopTransaction"));

        Assert.Equal(15, members.Count);
        Assert.Equal(
            ["meterStop", "timestamp", "transactionData[0].sampledValue", "transactionData[0].sampledValue[0].value", "transactionData[0].timestamp", "transactionId"],
            members.Where(member => member.IsRequired).Select(member => member.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Serialize_FilledRecord_IsValidAndTheSample(MessageCase message)
    {
        var json = message.SerializeFilled();

        Assert.All(await OfficialSchemas.LoadBothAsync(message.Schema), schema => Assert.Empty(schema.Validate(json)));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(message.Sample), JsonNode.Parse(json)), json);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Read_CompleteSample_IsCleanAndComesBackWhole(MessageCase message)
    {
        Assert.All(await OfficialSchemas.LoadBothAsync(message.Schema), schema => Assert.Empty(schema.Validate(message.Sample)));
        AssertComplete(await OfficialSchemas.LoadAsync(message.Schema), JsonNode.Parse(message.Sample)!);

        var outcome = message.Read(message.Sample);

        Assert.Empty(outcome.Anomalies);
        Assert.Null(outcome.Violation);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(message.Sample), JsonNode.Parse(outcome.Json!)), outcome.Json);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Describe_OfEachMessage_AsksForWhatTheDocumentAsksFor(MessageCase message)
    {
        var described = (JsonObject)typeof(Ocpp16Schemas).GetMethod(nameof(Ocpp16Schemas.Of))!.MakeGenericMethod(message.Type).Invoke(null, null)!;
        var schema = await JsonSchema.FromJsonAsync(described.ToJsonString());

        Assert.Empty(schema.Validate(message.Sample));
        AssertSame(await OfficialSchemas.LoadAsync(message.Schema), schema, message.Schema);
    }

    private static void AssertSame(JsonSchema official, JsonSchema ours, string where)
    {
        Assert.Equal(official.ActualProperties.Keys.Order(StringComparer.Ordinal), ours.ActualProperties.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, member) in official.ActualProperties)
        {
            var own = ours.ActualProperties[name];
            var path = $"{where}.{name}";
            Assert.True(member.IsRequired == own.IsRequired, path);
            Assert.True(member.MaxLength is null || member.MaxLength == own.MaxLength, path);
            Assert.All(member.ActualSchema.Enumeration, word => Assert.Contains(word, own.ActualSchema.Enumeration));
            AssertSame(member.Item?.ActualSchema ?? member.ActualSchema, own.Item?.ActualSchema ?? own.ActualSchema, path);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Record_Members_AreTheSchemas(MessageCase message) =>
        AssertSameMembers(await OfficialSchemas.LoadAsync(message.Schema), message.Type);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Read_RequiredMemberMissing_IsNotedThere(MessageCase message)
    {
        foreach (var (path, _, _) in (await MembersAsync(message)).Where(member => member.IsRequired))
        {
            var outcome = message.Read(Without(message.Sample, path));

            Assert.Contains(outcome.Anomalies, anomaly => anomaly.Kind == AnomalyKind.Missing && anomaly.Path == path);
            Assert.Equal(IsForgiven(message, path) ? null : "OccurenceConstraintViolation", outcome.Violation?.Code);
            Assert.Equal(outcome.Violation?.Description, outcome.Violation is null ? null : $"{path}: is required.");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Read_ValueOfWrongType_IsNotedThere(MessageCase message)
    {
        foreach (var (path, schema, _) in await MembersAsync(message))
        {
            // JSON is no wrong type where a vendor's data or the value of a setting is due.
            var outcome = message.Read(With(message.Sample, path, WrongValue(schema)));

            if (TakesJson(path))
            {
                Assert.Equal(AnomalyKind.Converted, Assert.Single(outcome.Anomalies).Kind);
            }
            else if (schema.Format == "date-time")
            {
                Assert.Contains(outcome.Anomalies, anomaly => anomaly.Kind == AnomalyKind.UnreadableTimestamp && anomaly.Path == path);
                Assert.Null(outcome.Violation);
            }
            else
            {
                Assert.Contains(outcome.Anomalies, anomaly => anomaly.Kind == AnomalyKind.WrongType && anomaly.Path == path);
                Assert.Equal(IsAlwaysAnswered(message) ? null : "TypeConstraintViolation", outcome.Violation?.Code);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Read_TextTooLong_IsKeptAndNotedAtTheSchemasLength(MessageCase message)
    {
        foreach (var (path, schema, _) in (await MembersAsync(message)).Where(member => member.Schema.MaxLength is not null))
        {
            var longest = message.Read(With(message.Sample, path, new string('x', schema.MaxLength!.Value)));
            var tooLong = message.Read(With(message.Sample, path, new string('x', schema.MaxLength!.Value + 1)));

            Assert.Empty(longest.Anomalies);
            Assert.Equal((AnomalyKind.TooLong, path), Assert.Single(tooLong.Anomalies.Select(anomaly => (anomaly.Kind, anomaly.Path))));
            Assert.Contains(new string('x', schema.MaxLength!.Value + 1), tooLong.Json!, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Read_Words_AreTheSchemasAndOthersAreKept(MessageCase message)
    {
        foreach (var (path, schema, _) in (await MembersAsync(message)).Where(member => member.Schema.Enumeration.Count > 0))
        {
            Assert.All(schema.Enumeration, word => Assert.Empty(message.Read(With(message.Sample, path, (string)word!)).Anomalies));

            var unknown = message.Read(With(message.Sample, path, "Nonsense"));
            Assert.Equal((AnomalyKind.UnknownWord, path), Assert.Single(unknown.Anomalies.Select(anomaly => (anomaly.Kind, anomaly.Path))));
            Assert.Contains("\"Nonsense\"", unknown.Json!, StringComparison.Ordinal);

            var word = (string)schema.Enumeration.First()!;
            var shouted = message.Read(With(message.Sample, path, word.ToUpperInvariant() + " "));
            Assert.Equal((AnomalyKind.OtherCase, path), Assert.Single(shouted.Anomalies.Select(anomaly => (anomaly.Kind, anomaly.Path))));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ReadStrict_CompleteSample_IsValidAndComesBackWhole(MessageCase message)
    {
        var outcome = message.ReadStrict(message.Sample);

        Assert.Empty(outcome.Mistakes);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(message.Sample), JsonNode.Parse(outcome.Json!)), outcome.Json);
        Assert.All(await OfficialSchemas.LoadBothAsync(message.Schema), schema => Assert.Empty(schema.Validate(outcome.Json!)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ReadStrict_WhatTheSchemaRefuses_IsOneMistakeThere(MessageCase message)
    {
        foreach (var (path, schema, isRequired) in await MembersAsync(message))
        {
            AssertMistake(WrongValue(schema), detail => detail.StartsWith("must be ", StringComparison.Ordinal));
            if (schema.Type is JsonObjectType.String)
            {
                AssertMistake(7, detail => (detail.StartsWith("must be ", StringComparison.Ordinal) && detail.EndsWith(", not a number.", StringComparison.Ordinal)) || detail.StartsWith("must be a time", StringComparison.Ordinal));
            }
            else if (schema.Type is JsonObjectType.Integer or JsonObjectType.Number)
            {
                AssertMistake("7", detail => detail.EndsWith(", not a string.", StringComparison.Ordinal));
                AssertMistake(1.55m, detail => detail.StartsWith("must be ", StringComparison.Ordinal));
            }

            if (schema.MaxLength is { } maxLength)
            {
                AssertMistake(new string('x', maxLength + 1), detail => detail == $"has {maxLength + 1} characters; at most {maxLength} are allowed.");
            }

            if (schema.Enumeration.Count > 0)
            {
                AssertMistake("Nonsense", detail => schema.Enumeration.All(word => detail.Contains((string)word!, StringComparison.Ordinal)));
                AssertMistake(((string)schema.Enumeration.First()!).ToLowerInvariant(), detail => detail == $"must be written {schema.Enumeration.First()}.");
            }

            if (isRequired)
            {
                var mistake = Assert.Single(message.ReadStrict(Without(message.Sample, path)).Mistakes);
                Assert.Equal(path, mistake.Path);
                Assert.StartsWith("is required", mistake.Detail, StringComparison.Ordinal);
            }

            void AssertMistake(JsonNode value, Func<string, bool> isRight)
            {
                var outcome = message.ReadStrict(With(message.Sample, path, value));
                var mistake = Assert.Single(outcome.Mistakes);
                Assert.Equal(path, mistake.Path);
                Assert.True(isRight(mistake.Detail), mistake.ToString());
                Assert.Null(outcome.Json);
            }
        }
    }

    // An object for a member that is one, or an array of them, is no wrong type; nor is a text for an array of those.
    private static JsonNode WrongValue(JsonSchema schema) =>
        schema.Type == JsonObjectType.Object || schema.Item?.ActualSchema.Type == JsonObjectType.Object ? "text" : new JsonObject();

    private static bool TakesJson(string path) => path is "data" or "configurationKey[0].value";

    private static bool IsAlwaysAnswered(MessageCase message) => message.Schema is "StartTransaction" or "StopTransaction" or "MeterValues";

    private static bool IsForgiven(MessageCase message, string path) =>
        IsAlwaysAnswered(message) || path is "chargePointVendor" or "chargePointModel" or "configurationKey[0].readonly";

    private static async Task<IReadOnlyList<(string Path, JsonSchema Schema, bool IsRequired)>> MembersAsync(MessageCase message) =>
        [.. Members(await OfficialSchemas.LoadAsync(message.Schema), "")];

    private static IEnumerable<(string Path, JsonSchema Schema, bool IsRequired)> Members(JsonSchema schema, string prefix)
    {
        foreach (var (name, property) in schema.ActualSchema.ActualProperties)
        {
            var actual = property.ActualSchema;
            yield return (prefix + name, actual, property.IsRequired);
            var inner = actual.Item is { } item ? Members(item.ActualSchema, $"{prefix}{name}[0].") : Members(actual, $"{prefix}{name}.");
            foreach (var member in inner)
            {
                yield return member;
            }
        }
    }

    private static void AssertComplete(JsonSchema schema, JsonNode sample)
    {
        foreach (var (name, property) in schema.ActualSchema.ActualProperties)
        {
            var value = sample[name];
            Assert.True(value is not null, $"The sample lacks {name}.");
            var actual = property.ActualSchema;
            AssertComplete(actual.Item?.ActualSchema ?? actual, actual.Item is null ? value : value[0]!);
        }
    }

    private static void AssertSameMembers(JsonSchema schema, Type type)
    {
        var info = Ocpp16Json.Default.GetTypeInfo(type)!;
        Assert.Equal(schema.ActualSchema.ActualProperties.Keys.Order(StringComparer.Ordinal), info.Properties.Select(p => p.Name).Order(StringComparer.Ordinal));
        foreach (var (name, property) in schema.ActualSchema.ActualProperties)
        {
            var actual = property.ActualSchema;
            var member = info.Properties.Single(p => p.Name == name).PropertyType;
            if (actual.Item is { } item)
            {
                AssertSameMembers(item, member.GetElementType()!);
            }
            else if (actual.ActualProperties.Count > 0)
            {
                AssertSameMembers(actual, member);
            }
        }
    }

    private static string Without(string json, string path) => Edit(json, path, (parent, name) => parent.Remove(name));

    private static string With(string json, string path, JsonNode value) => Edit(json, path, (parent, name) => parent[name] = value);

    private static string Edit(string json, string path, Action<JsonObject, string> edit)
    {
        var root = JsonNode.Parse(json)!;
        var parent = root;
        var steps = path.Replace("[0]", ".0", StringComparison.Ordinal).Split('.');
        foreach (var step in steps[..^1])
        {
            parent = step == "0" ? parent[0]! : parent[step]!;
        }

        edit(parent.AsObject(), steps[^1]);
        return root.ToJsonString();
    }
}
