using System.Reflection;
using System.Text.RegularExpressions;

namespace Capacitor.EndToEnd.Tests.Deploy;

/// <summary>Every configuration key that the program reads, found in the program itself.</summary>
internal static partial class ProgramSettings
{
    private static readonly Assembly[] Assemblies = [.. Directory.GetFiles(AppContext.BaseDirectory, "Capacitor.*.dll")
        .Select(file => Path.GetFileNameWithoutExtension(file)!).Where(name => !name.Contains("Test", StringComparison.Ordinal)).Select(Assembly.Load)];

    /// <summary>Properties that are set by something else than their own key.</summary>
    private static readonly string[] NotRead = ["Capacitor:Ocpp:UnknownChargers"];

    /// <summary>The keys, such as <c>Capacitor:Webhooks:Timeout</c>: members of bound options, and those that code reads by name.</summary>
    public static SortedSet<string> Keys()
    {
        SortedSet<string> keys = new(StringComparer.OrdinalIgnoreCase) { "ConnectionStrings:Capacitor" };
        foreach (var source in Repository.Sources())
        {
            foreach (Match binding in Binding().Matches(source))
            {
                var type = TypeNamed(binding.Groups["type"].Value);
                var argument = binding.Groups["section"].Value;
                var section = argument.StartsWith('"') ? argument.Trim('"') : (string)FieldOf(argument).GetRawConstantValue()!;
                keys.UnionWith(Members(type, section));
            }

            foreach (Match reading in Reading().Matches(source))
            {
                var type = TypeNamed(reading.Groups["type"].Value);
                var section = reading.Groups["section"].Value;
                keys.UnionWith(Members(type, (string)FieldOf(section.Contains('.', StringComparison.Ordinal) ? section : $"{type.Name}.{section}").GetRawConstantValue()!));
            }

            keys.UnionWith(Literal().Matches(source).Select(literal => literal.Groups["key"].Value));
        }

        keys.ExceptWith(NotRead);
        return keys;
    }

    /// <summary>The key that an environment variable sets; of an item of a list, the list's.</summary>
    public static string KeyOf(string variable) => Item().Replace(variable, "").Replace("__", ":", StringComparison.Ordinal);

    /// <summary>Options classes that are registered, and bound in no way that <see cref="Keys"/> understands.</summary>
    public static IEnumerable<string> Unread() => Types(Registration()).Except(Types(Binding())).Except(Types(ByHand()));

    private static IEnumerable<string> Types(Regex regex) => Repository.Sources().SelectMany(source => regex.Matches(source)).Select(match => match.Groups["type"].Value);

    private static IEnumerable<string> Members(Type type, string section) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(IsBound).SelectMany(property =>
            property.PropertyType is { IsClass: true, Namespace: { } name } inner && name.StartsWith("Capacitor", StringComparison.Ordinal)
                ? Members(inner, $"{section}:{property.Name}")
                : [$"{section}:{property.Name}"]);

    // What is set, and lists, to which items are added.
    private static bool IsBound(PropertyInfo property) => property.SetMethod is not null
        || property.PropertyType.GetInterfaces().Append(property.PropertyType).Any(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ICollection<>));

    private static Type TypeNamed(string name) => Assemblies.SelectMany(assembly => assembly.GetTypes()).Single(type => type.Name == name);

    private static FieldInfo FieldOf(string member) =>
        TypeNamed(member.Split('.')[0]).GetField(member.Split('.')[1], BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;

    [GeneratedRegex("""AddOptions(WithValidateOnStart)?<(?<type>\w+)(,\s*\w+)?>\(\)\s*\.BindConfiguration\((?<section>[^)]+)\)""")]
    private static partial Regex Binding();

    [GeneratedRegex("__[0-9]+$")]
    private static partial Regex Item();

    // Read by code, key by key.
    [GeneratedRegex("""IConfigureOptions<(?<type>\w+)>""")]
    private static partial Regex ByHand();

    [GeneratedRegex("""GetSection\((?<section>[\w.]+)\)\s*\.Get<(?<type>\w+)>\(\)""")]
    private static partial Regex Reading();

    [GeneratedRegex("""AddOptions(WithValidateOnStart)?<(?<type>\w+)(,\s*\w+)?>\(\)""")]
    private static partial Regex Registration();

    // A key that is read by its name; a section is named as well, by itself.
    [GeneratedRegex("""(?<!Section = )"(?<key>Capacitor:[A-Za-z:]*[A-Za-z])"(?!\))""")]
    private static partial Regex Literal();
}
