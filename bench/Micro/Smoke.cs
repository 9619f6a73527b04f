using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace Capacitor.Micro;

/// <summary>Runs every benchmark once, without measuring: shows in a second that none is broken.</summary>
internal static class Smoke
{
    public static int Run()
    {
        foreach (var type in typeof(Smoke).Assembly.GetExportedTypes())
        {
            foreach (var benchmark in type.GetMethods().Where(method => method.GetCustomAttribute<BenchmarkAttribute>() is not null))
            {
                benchmark.Invoke(Activator.CreateInstance(type), null);
            }
        }

        Console.WriteLine("ok");
        return 0;
    }
}
