using System.Runtime.CompilerServices;

namespace Capacitor.EndToEnd.Tests.Deploy;

/// <summary>The files that ops get, where they lie.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(string file) => Path.Combine(Root, file);

    public static string Read(string file) => File.ReadAllText(PathOf(file));

    /// <summary>Our own sources, nothing generated.</summary>
    public static IEnumerable<string> Sources() => Directory.EnumerateFiles(PathOf("src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Select(File.ReadAllText);

    private static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
