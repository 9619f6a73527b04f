using System.Runtime.CompilerServices;
using Capacitor.Testing;

namespace Capacitor.EndToEnd.Tests;

/// <summary>All events that tests of this project receive are real, and so as documented.</summary>
internal static class RealEvents
{
    [ModuleInitializer]
    internal static void Check() => WebhookReceiver.Inspect = static body => EventSchemas.Check(body);
}
