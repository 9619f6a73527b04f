using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Capacitor.Chargers;
using Capacitor.Tenants;
using Orleans;
using Orleans.Runtime;

namespace Capacitor.Grains.Tests;

/// <summary>What the parts may know of each other, and names that are stored and so never clash or change by accident.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Assembly[] Assemblies = [typeof(GrainsServices).Assembly, typeof(RefusedException).Assembly];

    [Theory]
    [InlineData("src/Ocpp")]
    [InlineData("src/Grains.Abstractions", "Ocpp")]
    [InlineData("src/Grains", "Grains.Abstractions", "Ocpp")]
    [InlineData("src/Storage", "Grains.Abstractions")]
    [InlineData("src/Silo", "Grains", "Storage", "Grains.Abstractions")]
    [InlineData("src/Api", "Grains.Abstractions", "Ocpp", "Silo")]
    [InlineData("src/Cli", "Ocpp")]
    [InlineData("bench/Load", "Ocpp")]
    [InlineData("bench/Limit")]
    public void References_OfAProject_PointOneWay(string project, params string[] allowed)
    {
        var file = Path.Combine(Root(), project, $"{Path.GetFileName(project)}.csproj");
        var references = XDocument.Load(file).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
        Assert.Empty(references.Except(allowed));
    }

    [Fact]
    public void Api_OfGrainsAndStorage_NamesNoTypes()
    {
        // Silo brings these assemblies along; that the compiler would let the Api use them is no leave to.
        Assert.DoesNotContain(Sources("src/Api"), file => File.ReadLines(file).Any(line => line.Contains("Capacitor.Grains") || line.Contains("Capacitor.Storage")));
    }

    [Fact]
    public void GrainKeys_OfEveryKind_CannotBeReadAsHexNumbers()
    {
        var keys = GrainKeys().ToList();
        Assert.All(keys, key => Assert.Matches("^[a-z]/", key));
        Assert.DoesNotContain('+', new ChargeBoxId("A+B").GrainKey);
        Assert.Equal(["a/", "c/", "d/", "g/", "i/", "k/", "l/", "m/", "s/", "t/", "u/", "w/", "x/"], keys.Select(key => key[..2]).Order(StringComparer.Ordinal)); // each kind has a letter of its own
    }

    [Fact]
    public void GetGrain_Everywhere_IsGivenAKeyOfAKnownKind()
    {
        var given = Sources("src").SelectMany(file => GetGrain().Matches(File.ReadAllText(file))).Select(call => call.Groups["key"].Value).ToList();
        Assert.NotEmpty(given);
        Assert.All(given, key => Assert.Matches(@"\.(Grain)?Key$|^this\.GetPrimaryKeyString\(\)$|^GrainId\.Parse\(|^""[a-z]/", key));
    }

    [Fact]
    public void GrainInterfaces_All_HaveTextKeys() => Assert.All(
        Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type.IsInterface && type.IsAssignableTo(typeof(IAddressable)) && !type.IsAssignableTo(typeof(IGrainObserver))),
        type => Assert.True(type.IsAssignableTo(typeof(IGrainWithStringKey)), $"{type} has keys of another kind"));

    [Fact]
    public void PersistentStates_OfAllGrains_HaveNamesOfTheirOwn()
    {
        var names = States().Select(state => state.StateName).ToList();
        Assert.NotEmpty(names);
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void Grains_All_HaveStoredNames() => Assert.All(
        GrainClasses(), type => Assert.True(type.IsDefined(typeof(GrainTypeAttribute)), $"{type} has no [GrainType]"));

    [Fact]
    public void SerializedTypes_All_HaveAliasesOfTheirOwn()
    {
        var types = Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)).ToList();
        Assert.All(types, type => Assert.True(type.IsDefined(typeof(AliasAttribute), inherit: false), $"{type} has no [Alias]"));
        var aliases = types.Select(type => type.GetCustomAttribute<AliasAttribute>(inherit: false)!.Alias).ToList();
        Assert.Equal(aliases.Distinct(), aliases);
    }

    private static IEnumerable<PersistentStateAttribute> States() => GrainClasses()
        .SelectMany(type => type.GetConstructors())
        .SelectMany(constructor => constructor.GetParameters())
        .Select(parameter => parameter.GetCustomAttribute<PersistentStateAttribute>())
        .OfType<PersistentStateAttribute>();

    private static IEnumerable<Type> GrainClasses() =>
        Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IGrainBase)));

    /// <summary>One of each kind: of ids, of grains that there is one of, and of those that code puts together on the spot.</summary>
    private static IEnumerable<string> GrainKeys()
    {
        var types = Assemblies.SelectMany(assembly => assembly.GetTypes()).ToList();
        var ofIds = types.Where(type => type.GetProperty("GrainKey")?.DeclaringType == type)
            .Select(type => (string)type.GetProperty("GrainKey")!.GetValue(Make(type))!);
        var ofSingles = types.Where(type => type.IsInterface && type.IsAssignableTo(typeof(IAddressable)))
            .Select(type => (string?)type.GetField("Key")?.GetRawConstantValue()).OfType<string>();
        var literal = Sources("src").SelectMany(file => GetGrain().Matches(File.ReadAllText(file))).Select(call => call.Groups["key"].Value)
            .Where(key => key.StartsWith('"')).Select(key => key.Split('"')[1]);
        return [.. ofIds, .. ofSingles, .. literal];
    }

    private static object Make(Type id) =>
        id.GetConstructor([typeof(string)]) is null ? Activator.CreateInstance(id, TenantId.Default, "00a1")! : Activator.CreateInstance(id, "00a1")!;

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(Path.Combine(Root(), folder), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"));

    // A key may hold brackets of its own.
    [GeneratedRegex(@"GetGrain<\w+>\((?<key>(?:[^()]|\([^()]*\))*)\)")]
    private static partial Regex GetGrain();

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Capacitor.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run outside of the repository.");
        }

        return folder.FullName;
    }
}
